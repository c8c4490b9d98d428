import { loadavg } from "node:os";
import { systemClock } from "../../core/index.ts";
import {
  type CanaryPlan,
  haproxyTraffic,
  openArms,
  parseCanaryPlan,
  rehearsedPlan,
  runCanary,
  watchAmounts,
  watchHeaders,
} from "../../gates/index.ts";
import { compareFills } from "../../harness/index.ts";
import { canaryOf, haproxyArmsOf, type Lab, startLocalLab } from "../../lab/index.ts";
import { startLoad } from "../../load/index.ts";
import { pgbouncerSource, postgresSource } from "../../signals/index.ts";
import { sparkLabOptions } from "../spark-lab.ts";

const TIME_SCALE = 60;
const RATE_RPS = 60;
const LONGEST_LOAD_MS = 3_600_000;
/** So many requests of a stage as come: what is asked here is how often nothing fails, and not what would pass. */
const SIGNALS = [
  ...["api_latency_p95", "http_errors", "event_loop_lag", "gc_pause"],
  ...["feed_staleness", "risk_blocks", "idempotency_conflicts", "csp_violations"],
];
const PLAN = [
  "stages:",
  ...[1, 5, 25, 50, 100].map((share) => `  - { share: ${share}, duration: 90s, longest: 10m }`),
  "look: 15s",
  "settle: 30s",
  // A rollback is then only what failed, and what could not be found out is counted apart.
  "whenInconclusive: hold",
  `samples: { ${SIGNALS.map((id) => `${id}: 1`).join(", ")} }`,
  "",
].join("\n");

/** Prints how canaries of two equal arms end, which run one after the other in one real lab under load. */
export async function benchEqualArms(rounds: number): Promise<void> {
  const plan = rehearsedPlan(parseCanaryPlan(PLAN, "canary.yml"), TIME_SCALE);
  const options = await sparkLabOptions();
  const { platform } = options;
  await using lab = await startLocalLab({
    ...options,
    canary: {
      ...{ candidate: platform, candidateEnvironment: {}, difference: "none" },
      ...{ sharePercent: 50, clients: "spread" },
    },
  });
  await using load = await startLoad({
    ...{ baseUrl: lab.addresses.api, allowedHosts: [], api: platform.api, seed: 1 },
    workload: { kind: "order-flow" },
    arrivals: { kind: "constant", rateRps: RATE_RPS, durationMs: LONGEST_LOAD_MS, spacing: "poisson" },
  });
  console.log(
    `two equal arms: ${RATE_RPS} operations a second, time scale ${TIME_SCALE}, five stages of 1.5 s at least, load since ${new Date(load.startedAtEpochMs).toISOString()}`,
  );
  // Both arms are warm then, as a candidate is that has been up for a while.
  await systemClock.sleep(WARM_MS);
  const endings = { pass: 0, fail: 0, inconclusive: 0 };
  for (let round = 1; round <= rounds; round++) {
    const { verdict, lead, exposedRequests } = await oneCanary(lab, plan);
    endings[verdict] += 1;
    const [busy = Number.NaN] = loadavg();
    console.log(`${round}: ${verdict}: ${lead} (${exposedRequests} requests, load ${busy.toFixed(1)})`);
  }
  console.log(
    `${rounds} canaries: ${endings.pass} passed, ${endings.fail} rolled back, ${endings.inconclusive} held undecided`,
  );
}

const WARM_MS = 5_000;

async function oneCanary(lab: Lab, plan: CanaryPlan) {
  const { addresses } = lab;
  const canary = canaryOf(lab);
  const platform = (await sparkLabOptions()).platform;
  const pagesOf = ({ metrics }: typeof canary.stable) =>
    ({ kind: "scrape", metricsUrls: metrics.map((each) => new URL(each)) }) as const;
  const [stable = "", candidate = ""] = [canary.stable.urls[0], canary.candidate.urls[0]];
  const pages = { stable: new URL(stable), candidate: new URL(candidate) };
  await using arms = await openArms({
    arms: { stable: pagesOf(canary.stable), candidate: pagesOf(canary.candidate) },
    shared: [
      pgbouncerSource({ name: "pgbouncer", connectionString: addresses.poolerAdminUrl }),
      postgresSource({ name: "postgres", connectionString: addresses.databaseUrl }),
    ],
    watches: [
      watchHeaders({ pages, allowedHosts: [], clock: systemClock }),
      await watchAmounts(() => compareFills(addresses, platform), systemClock),
    ],
    ...{ plan, timeScale: TIME_SCALE, allowedHosts: [], clock: systemClock },
  });
  // Awaited here, since the arms are closed when this function returns.
  return await runCanary({
    ...{ release: "equal", target: `lab ${lab.id}`, command: "npm run bench -- equal-arms", plan },
    ...{ timeScale: TIME_SCALE, arms: arms.arms, triggers: arms.triggers, clock: systemClock },
    traffic: haproxyTraffic(haproxyArmsOf(canary)),
    rollBack: (request) =>
      Promise.resolve({
        kind: "not-recovered",
        startedAtMs: request.atMs,
        why: "nothing is rolled back here",
      }),
    filing: {
      folder: "",
      file: (file) => Promise.resolve({ ...file, sha256: "", bytes: 0, commit: null, target: "", atMs: 0 }),
      note: () => undefined,
      end: () => Promise.resolve(),
    },
    onStagePassed: () => Promise.resolve(),
    renderPage: () => "",
    signal: new AbortController().signal,
    ...{ onRecord: () => undefined, onLine: () => undefined, onStatus: () => undefined },
  });
}
