import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ToolReport, ToolTask } from "./tool-task.ts";

/** A compared load tool. */
export interface Tool {
  readonly name: string;
  start(task: ToolTask): Promise<RunningTool>;
}

interface RunningTool {
  readonly pid: number;
  /** Its own report of the latencies, after it has ended. */
  readonly report: Promise<ToolReport>;
}

/** The generator raises its thread's priority if it may; the others are given the same. */
const PREFERRED = process.getuid?.() === 0 ? ["nice", "-n", "-20"] : [];
const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export const KANIT: Tool = nodeTool("kanit", path("./kanit-main.ts"));
export const AUTOCANNON: Tool = nodeTool("autocannon", path("./autocannon-main.ts"));

function nodeTool(name: string, main: string): Tool {
  return {
    name,
    start: async (task) => {
      const child = start([process.execPath, main, JSON.stringify(task)]);
      return { pid: child.pid ?? 0, report: ended(child).then((output) => JSON.parse(output) as ToolReport) };
    },
  };
}

/** k6 from the path of its program, with kanit's own script. */
export function k6Tool(program: string): Tool {
  return {
    name: "k6",
    start: async (task) => {
      const folder = await mkdtemp(join(tmpdir(), "kanit-bench-k6-"));
      const summary = join(folder, "summary.json");
      const child = start([
        ...[program, "run", "--quiet", "--no-usage-report", "--address", ""],
        ...["--env", `KANIT_K6_PLAN=${JSON.stringify(k6Plan(task))}`, "--env", `KANIT_K6_SUMMARY=${summary}`],
        path("../../load/k6/request.ts"),
      ]);
      const report = ended(child)
        .then(() => readFile(summary, "utf8"))
        .then((text) => k6Report(JSON.parse(text)))
        .finally(() => rm(folder, { recursive: true, force: true }));
      return { pid: child.pid ?? 0, report };
    },
  };
}

/**
 * As many virtual users as requests can wait, all created before: creating them during the run would cost
 * time.
 */
function k6Plan({ baseUrl, rateRps, durationMs }: ToolTask): object {
  const users = Math.min(1_000, Math.max(50, Math.ceil(rateRps * 1.8)));
  return {
    baseUrl,
    seed: 1,
    keyPrefix: "bench",
    timeoutMs: 10_000,
    durationMs,
    arrivals: {
      executor: "constant-arrival-rate",
      rate: rateRps,
      timeUnit: "1s",
      duration: `${durationMs}ms`,
      preAllocatedVUs: users,
      maxVUs: users,
    },
    objective: { latencyMsP95: 60_000, errorRatio: 1 },
    workload: { kind: "request", method: "GET", path: "/load", headers: {}, body: "" },
  };
}

function k6Report({ metrics }: { metrics: Record<string, { values: Record<string, number> }> }): ToolReport {
  const values = metrics["http_req_duration{measured:yes}"]?.values ?? {};
  const at = (name: string): number => values[name] ?? Number.NaN;
  return { p50: at("p(50)"), p90: at("p(90)"), p99: at("p(99)"), p999: at("p(99.9)"), max: at("max") };
}

function start(command: readonly string[]): ChildProcess {
  const [program = "", ...args] = [...PREFERRED, ...command];
  return spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
}

async function ended(child: ChildProcess): Promise<string> {
  let output = "";
  let errors = "";
  child.stdout?.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    errors += chunk;
  });
  const [code] = (await once(child, "close")) as [number | null];
  // k6's exit code 99 is a crossed threshold, such as for dropped iterations.
  if (code !== 0 && code !== 99)
    throw new Error(`expected a tool to end well, got ${code}: ${errors.slice(-500)}`);
  return output;
}
