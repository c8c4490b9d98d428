import type { Verdict } from "../../core/index.ts";
import { createHttpClient } from "../http/http-client.ts";
import { LatencyHistogram } from "../latency-histogram.ts";
import type { GeneratorHealth } from "../load-result.ts";
import type { Operation } from "../operation.ts";
import { startLoad } from "../start-load.ts";
import { comparePercentiles, type PercentileReading } from "./compare.ts";
import { type ReferenceServer, type ServerRecord, startReferenceServer } from "./reference-server.ts";

/** The known case: 3,000 requests at 500 per second, with one stall of 1.5 s in the middle. */
export const SELF_TEST = {
  rateRps: 500,
  durationMs: 6_000,
  stall: { afterMs: 2_000, stallMs: 1_500, drainRps: 5_000 },
} as const;
const PLANNED = (SELF_TEST.rateRps * SELF_TEST.durationMs) / 1_000;
const TIMEOUT_MS = 10_000;
/** 1 % of P90, the lowest of the percentiles within the stall. */
const MAX_LAG_MS_IN_DRAIN = 9;
const MARGIN_MS = 50;

/** The generator's result against a server with known behavior. */
export interface SelfTestResult {
  /** `inconclusive` when the machine delayed the generator exactly while answers were received. */
  readonly verdict: Verdict;
  readonly readings: readonly PercentileReading[];
  readonly answered: number;
  readonly planned: number;
  /** P99 of the same stall as a closed loop measures it, for comparison. Null when it was not answered. */
  readonly closedLoopMsP99: number | null;
  readonly generator: GeneratorHealth;
  /** The generator's largest lag while the stalled answers came. */
  readonly lagMsInDrain: number;
}

/**
 * Lets the generator measure a server with a known stall, and compares its report with the server's record:
 * each percentile within 1 % (below 100 ms: within 1 ms). Takes 6 s.
 *
 * A generator that gets no CPU reads answers late and starts operations late at the same moment. When its
 * starts were late by more than 1 % of the percentiles while answers arrived, a deviation proves nothing, and
 * the test is inconclusive.
 */
export async function runSelfTest(): Promise<SelfTestResult> {
  await using server = await startReferenceServer();
  server.planStall(SELF_TEST.stall);
  await using load = await startLoad({
    baseUrl: server.baseUrl,
    seed: 1,
    arrivals: { kind: "constant", rateRps: SELF_TEST.rateRps, durationMs: SELF_TEST.durationMs },
    workload: { kind: "request", path: "/load", numbered: true },
    timeoutMs: TIMEOUT_MS,
  });
  const arrivals = load.arrivalsEnded();
  const closed = await closedLoop(server, arrivals);
  await load.settle();
  const { totals, generator, startedAtEpochMs, operations } = await load.stop();
  const record = await server.takeRecord();

  const reported = LatencyHistogram.decode(totals.latencyHistogram);
  const readings = comparePercentiles(trueLatencies(record, startedAtEpochMs), (at) =>
    reported.percentileMs(at),
  );
  const answered = totals.outcomes.succeeded;
  const right = answered === PLANNED && readings.every(({ holds }) => holds);
  const lagMsInDrain = worstLagMs(operations);
  const disturbed = lagMsInDrain > MAX_LAG_MS_IN_DRAIN || generator.state === "unsound";
  return {
    verdict: right ? "pass" : disturbed ? "inconclusive" : "fail",
    readings,
    answered,
    planned: PLANNED,
    closedLoopMsP99: closed.percentileMs(99),
    generator,
    lagMsInDrain,
  };
}

/** The lag of the operations planned while the server answered its backlog, with a margin on both sides. */
function worstLagMs(operations: readonly Operation[]): number {
  const { afterMs, stallMs, drainRps } = SELF_TEST.stall;
  const releaseMs = afterMs + stallMs;
  const drainMs = (stallMs * SELF_TEST.rateRps) / (drainRps - SELF_TEST.rateRps);
  return operations
    .filter(
      ({ plannedAtMs }) =>
        plannedAtMs > releaseMs - MARGIN_MS && plannedAtMs < releaseMs + drainMs + MARGIN_MS,
    )
    .reduce((worst, { plannedAtMs, startedAtMs }) => Math.max(worst, startedAtMs - plannedAtMs), 0);
}

/** A request's latency from its planned start, which follows from its number, to the server's answer. */
function trueLatencies(
  { answeredAtEpochMs, numbers }: ServerRecord,
  startedAtEpochMs: number,
): LatencyHistogram {
  const latencies = new LatencyHistogram();
  answeredAtEpochMs.forEach((atEpochMs, index) => {
    const plannedAtMs = ((numbers[index] ?? Number.NaN) * 1_000) / SELF_TEST.rateRps;
    if (!Number.isNaN(atEpochMs)) latencies.record(atEpochMs - startedAtEpochMs - plannedAtMs);
  });
  return latencies;
}

/**
 * A client like those of closed-loop tools: the next request waits for the last answer, timed from its own
 * start.
 */
async function closedLoop(server: ReferenceServer, until: Promise<void>): Promise<LatencyHistogram> {
  const latencies = new LatencyHistogram();
  const client = createHttpClient(server.baseUrl, TIMEOUT_MS, []);
  const ask = () =>
    new Promise((resolve) => {
      client.send({ method: "GET", path: "/closed", headers: {}, body: "" }, resolve);
    });
  let over = false;
  void until.finally(() => {
    over = true;
  });
  while (!over) {
    const startedAtMs = performance.now();
    await ask();
    latencies.record(performance.now() - startedAtMs);
    // A user's pause: it should be affected by the stall, and not compete for the CPU.
    await new Promise((resolve) => setTimeout(resolve, CLOSED_LOOP_PAUSE_MS));
  }
  client.close();
  return latencies;
}

const CLOSED_LOOP_PAUSE_MS = 5;
