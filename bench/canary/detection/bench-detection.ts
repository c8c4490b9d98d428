import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { haproxyTraffic } from "../../../gates/index.ts";
import { canaryOf, haproxyArmsOf, type Lab, startLocalLab } from "../../../lab/index.ts";
import { requestHttp } from "../../../network/index.ts";
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
/** A minute is a second here: a stage has ten seconds, and is over when nothing is proved against the candidate. */
const PLAN = [
  "stages:",
  ...[5, 25, 50].map((share) => `  - { share: ${share}, duration: 10m, longest: 20m }`),
  "look: 30s",
  "settle: 1m",
  `samples: { ${SIGNALS.map((id) => `${id}: 1`).join(", ")} }`,
  "",
].join("\n");
const WELL_REQUESTS = 40;
const WELL_WITHIN_MS = 200;

/** What became of one candidate. */
interface Detection {
  readonly ending: string;
  readonly exposed: string;
  readonly wellAfterMs: number | null;
}

/**
 * Prints the table of detection: real platforms with planted regressions in a real lab, judged by `kanit canary`. When
 * the judge says so, the traffic goes back, and the time until users are well is measured at the front.
 */
export async function benchDetection(only: string): Promise<void> {
  const chosen = PLANTED_REGRESSIONS.filter(
    ({ defects }) => only === "" || only.split(" ").includes(defects || "none"),
  );
  console.log(
    `detection: ${RATE_RPS} operations a second, time scale ${TIME_SCALE}, stages of 5, 25 and 50 % with 10 s each`,
  );
  console.log(
    "| regression | what the judge did | requests exposed | users well after | load of the machine |",
  );
  console.log("|---|---|---:|---:|---:|");
  for (const regression of chosen) {
    const { ending, exposed, wellAfterMs } = await detect(regression);
    const well = wellAfterMs === null ? "–" : `${(wellAfterMs / 1_000).toFixed(1)} s`;
    // On a machine that others fill, both arms are slow, and every candidate fails by the limits.
    const [load = Number.NaN] = loadavg();
    console.log(`| ${regression.title} | ${ending} | ${exposed} | ${well} | ${load.toFixed(1)} |`);
  }
}

async function detect({ defects, title }: PlantedRegression): Promise<Detection> {
  const options = await sparkLabOptions();
  const folder = await mkdtemp(join(options.temporaryDirectory, "kanit-detection-"));
  try {
    await writeFile(join(folder, "canary.yml"), PLAN);
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
    ...["canary", "detection", "--lab", lab.id, "--load", String(RATE_RPS)],
    ...["--time-scale", String(TIME_SCALE), "--canary-file", join(folder, "canary.yml")],
    ...["--archive", join(folder, "archive")],
  ];
  const judging = spawn(process.execPath, ["--no-warnings", MAIN, ...words], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(judging, "close");
  let ending = "no result";
  let exposed = "–";
  let wellAfter: Promise<number | null> | null = null;
  for await (const line of createInterface({ input: judging.stdout })) {
    if (line.startsWith("Roll back now")) wellAfter ??= takeBack(lab);
    const verdict = /^(PASS|FAIL|INCONCLUSIVE) {2}(.*)$/.exec(line);
    if (verdict !== null) ending = `${verdict[1]?.toLowerCase()}: ${verdict[2]?.slice(0, 160)}`;
    exposed = /^ {2}(\d+) requests were answered/.exec(line)?.[1] ?? exposed;
  }
  await ended;
  return { ending, exposed, wellAfterMs: await wellAfter };
}

/** Leads the traffic back, and measures how long users are ill afterwards; null: they did not get well in a minute. */
async function takeBack(lab: Lab): Promise<number | null> {
  const startMs = performance.now();
  await haproxyTraffic(haproxyArmsOf(canaryOf(lab))).setShare(0, AbortSignal.timeout(10_000));
  let wellSinceMs = performance.now();
  for (let inARow = 0; inARow < WELL_REQUESTS; ) {
    if (performance.now() - startMs > 60_000) return null;
    const askedMs = performance.now();
    const answer = await requestHttp(`${lab.addresses.api}/api/positions?accountId=well`, {
      deadlineMs: 5_000,
    }).catch(() => null);
    const isWell = answer?.ok === true && performance.now() - askedMs < WELL_WITHIN_MS;
    inARow = isWell ? inARow + 1 : 0;
    if (!isWell) wellSinceMs = performance.now();
    await delay(10);
  }
  return wellSinceMs - startMs;
}
