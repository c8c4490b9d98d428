import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EXIT_CODE, KanitError } from "../../core/index.ts";
import { ownModule } from "../../installation/index.ts";
import { requireAllowedHost } from "../../network/index.ts";
import { arrivalDurationMs } from "../arrivals.ts";
import { completeLoadPlan, type LoadPlan, type LoadPlanInput } from "../load-plan.ts";
import type { LoadObjective, LoadReport } from "../load-report.ts";
import { k6Arrivals } from "./k6-arrivals.ts";
import { readK6Summary } from "./read-k6-summary.ts";

const SCRIPTS = {
  "order-flow": fileURLToPath(ownModule("../k6/order-flow.ts", import.meta.url)),
  request: fileURLToPath(ownModule("../k6/request.ts", import.meta.url)),
};

/** What a run of k6 needs besides its plan. */
export interface K6RunOptions {
  /** The program that `findK6` found. */
  readonly path: string;
  readonly objective: LoadObjective;
  /** Where the run's temporary folder is created. */
  readonly temporaryDirectory: string;
  /** Ends k6 early; what it has measured until then is reported. */
  readonly signal: AbortSignal;
  /** Called with each line that k6 prints. */
  readonly onLine?: (line: string) => void;
}

/** The result of a run of k6. */
export interface K6Run {
  readonly report: LoadReport;
  /** Whether all thresholds held, by k6's own judgment: its exit code. */
  readonly thresholds: "held" | "crossed";
}

/** k6's exit codes with a complete summary: 99 is crossed thresholds, 105 a stop by a signal. */
const K6_EXIT = { ok: 0, thresholds: 99, interrupted: 105 };
const KEPT_LINES = 20;

/**
 * Runs a load plan with k6 and its scripts in `load/k6/`, and reads its summary. Arrivals are open-loop here
 * too, but k6 counts latencies from the actual start of a request.
 *
 * @throws RefusedError `host-not-allowed`; UsageError `bad-load-plan` and `k6-cannot`; KanitError `k6-failed`
 *   with its last lines of output when it wrote no summary.
 */
export async function runK6(input: LoadPlanInput, options: K6RunOptions): Promise<K6Run> {
  const plan = completeLoadPlan(input);
  requireAllowedHost(new URL(plan.baseUrl), plan.allowedHosts);
  const planText = JSON.stringify(k6Plan(plan, options.objective));
  const folder = await mkdtemp(join(options.temporaryDirectory, "kanit-k6-"));
  try {
    const summaryPath = join(folder, "summary.json");
    const args = [
      "run",
      "--quiet",
      "--no-usage-report",
      "--address",
      "",
      "--env",
      `KANIT_K6_PLAN=${planText}`,
    ];
    const child = spawn(
      options.path,
      [...args, "--env", `KANIT_K6_SUMMARY=${summaryPath}`, SCRIPTS[plan.workload.kind]],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    const lastLines: string[] = [];
    const keepLines = (chunk: Buffer): void => {
      for (const line of chunk.toString().split("\n").filter(Boolean)) {
        lastLines.push(line);
        if (lastLines.length > KEPT_LINES) lastLines.shift();
        options.onLine?.(line);
      }
    };
    child.stdout.on("data", keepLines);
    child.stderr.on("data", keepLines);
    const end = (): boolean => child.kill("SIGINT");
    options.signal.addEventListener("abort", end, { once: true });
    const [code] = (await once(child, "close")) as [number | null];
    options.signal.removeEventListener("abort", end);
    if (!Object.values(K6_EXIT).includes(code ?? -1)) throw k6Failed(code, lastLines);
    const report = readK6Summary(JSON.parse(await readFile(summaryPath, "utf8")));
    return { report, thresholds: code === K6_EXIT.thresholds ? "crossed" : "held" };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The plan as the scripts read it. Its type is in `load/k6/plan.ts`, because it uses k6's own types. */
function k6Plan(plan: LoadPlan, objective: LoadObjective): object {
  const { baseUrl, seed, timeoutMs, workload, arrivals } = plan;
  return {
    baseUrl: baseUrl.replace(/\/$/, ""),
    seed,
    timeoutMs,
    workload,
    objective,
    keyPrefix: plan.keyPrefix ?? `k6-${seed}-${Date.now().toString(36)}`,
    durationMs: arrivalDurationMs(arrivals),
    arrivals: k6Arrivals(arrivals),
  };
}

function k6Failed(code: number | null, lastLines: readonly string[]): KanitError {
  return new KanitError({
    code: "k6-failed",
    message: `Expected k6 to end with a summary, but it ended with code ${code}: ${lastLines.join(" ").slice(-800)}`,
    nextStep: "k6's output shows the reason: code 107 is an error of the script, 104 of its options.",
    exitCode: EXIT_CODE.internal,
  });
}
