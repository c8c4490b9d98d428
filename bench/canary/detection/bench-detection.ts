import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Lab, startLocalLab } from "../../../lab/index.ts";
import { sparkLabOptions } from "../../spark-lab.ts";
import { PLANTED_REGRESSIONS, type PlantedRegression } from "./planted-regressions.ts";

const MAIN = fileURLToPath(new URL("../../../cli/main.ts", import.meta.url));
const TIME_SCALE = 60;
const RATE_RPS = 60;
const SIGNALS = [
  "api_latency_p95",
  "http_errors",
  "event_loop_lag",
  "gc_pause",
  "feed_staleness",
  "risk_blocks",
  "idempotency_conflicts",
  "csp_violations",
];
/** A minute is a second here: a stage is over after its seconds when nothing is proved against the candidate. */
const planOf = ({ lastStageSeconds }: PlantedRegression) =>
  [
    "stages:",
    "  - { share: 5, duration: 10m }",
    "  - { share: 25, duration: 10m }",
    `  - { share: 50, duration: ${lastStageSeconds}m }`,
    "look: 30s",
    "settle: 1m",
    `samples: { ${SIGNALS.map((id) => `${id}: 1`).join(", ")} }`,
    "",
  ].join("\n");
const SHOWN_LENGTH = 160;

/** What became of one candidate. */
interface Detection {
  readonly verdict: string;
  readonly stage: string;
  readonly reason: string;
  readonly exposed: string;
  readonly well: string;
}

/**
 * Prints the table of detection: real platforms with planted regressions in a real lab, judged and rolled back by
 * `kanit canary --auto`, whose clock runs from the decision until users are well.
 */
export async function benchDetection(only: string): Promise<void> {
  const chosen = PLANTED_REGRESSIONS.filter(
    ({ defects }) => only === "" || only.split(" ").includes(defects || "none"),
  );
  console.log(
    `detection: ${RATE_RPS} operations a second, time scale ${TIME_SCALE}, stages of 5, 25 and 50 % with 10 s each, or 60 s at 50 % for what is hard to see`,
  );
  console.log("| regression | verdict | stage | reason | requests exposed | users well after | load |");
  console.log("|---|---|---:|---|---:|---:|---:|");
  for (const regression of chosen) {
    const { verdict, stage, reason, exposed, well } = await detect(regression);
    // On a machine that others fill, both arms are slow, and the stable is ill itself.
    const [load = Number.NaN] = loadavg();
    console.log(
      `| ${regression.title} | ${verdict} | ${stage} | ${reason} | ${exposed} | ${well} | ${load.toFixed(1)} |`,
    );
  }
}

async function detect(regression: PlantedRegression): Promise<Detection> {
  const { defects, title } = regression;
  const options = await sparkLabOptions();
  const folder = await mkdtemp(join(options.temporaryDirectory, "kanit-detection-"));
  try {
    await writeFile(join(folder, "canary.yml"), planOf(regression));
    await using lab = await startLocalLab({
      ...options,
      canary: {
        candidate: options.platform,
        candidateEnvironment: defects === "" ? {} : { SPARK_DEFECTS: defects },
        difference: title,
        sharePercent: 0,
        clients: "spread",
      },
    });
    return await judge(lab, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function judge(lab: Lab, folder: string): Promise<Detection> {
  const words = [
    ...["canary", "detection", "--auto", "--lab", lab.id, "--load", String(RATE_RPS)],
    ...["--time-scale", String(TIME_SCALE), "--canary-file", join(folder, "canary.yml")],
    ...["--archive", join(folder, "archive")],
  ];
  const judging = spawn(process.execPath, ["--no-warnings", MAIN, ...words], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(judging, "close");
  const lines: string[] = [];
  for await (const line of createInterface({ input: judging.stdout })) lines.push(line);
  await ended;
  return detectionOf(lines);
}

function detectionOf(lines: readonly string[]): Detection {
  const found = (pattern: RegExp) => lines.map((line) => pattern.exec(line)?.[1]).findLast(Boolean) ?? "–";
  const lead = found(/^(?:PASS|FAIL|INCONCLUSIVE) {2}(?:Rolled back from \S+ %: )?(.*?)(?:\. By itself.*)?$/);
  return {
    verdict: found(/^(PASS|FAIL|INCONCLUSIVE) {2}/).toLowerCase(),
    stage: found(/^ *(\S+ %) {2}roll-back: /),
    reason: lead.slice(0, SHOWN_LENGTH),
    exposed: found(/^ {2}(\d+) requests were answered/),
    well: found(/^users were well again after (.*)$/),
  };
}
