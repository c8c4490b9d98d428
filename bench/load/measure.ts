import { type ReferenceServer, SELF_TEST, type ServerRecord } from "../../load/index.ts";
import { cpuSeconds } from "../fault-proxy/process-figures.ts";
import { lagsMs, percentile } from "./schedule.ts";
import type { Tool } from "./tool.ts";

/** A tool's performance at a rate, measured by the server and the system. */
export interface RateFigures {
  /** How late requests arrived compared with their schedule, at P99, after the tool's warm-up. */
  readonly lagMsP99: number;
  /** The rate that arrived, as a share of the requested one. */
  readonly madeShare: number;
  /** CPU time of all threads of the tool, per request. */
  readonly cpuUsPerRequest: number;
}

const WARM_UP_MS = 1_000;
const MEASURED_MS = 2_000;
const CPU_INTERVAL_MS = 100;

/** Runs a tool at a constant rate, and measures it from outside. */
export async function measureRate(
  tool: Tool,
  server: ReferenceServer,
  rateRps: number,
): Promise<RateFigures> {
  await server.takeRecord();
  const durationMs = WARM_UP_MS + MEASURED_MS;
  const running = await tool.start({ baseUrl: server.baseUrl, rateRps, durationMs });
  const samples: CpuSample[] = [];
  const sampler = setInterval(
    () => void sampleCpu(running.pid).then((sample) => samples.push(...sample)),
    CPU_INTERVAL_MS,
  );
  await running.report.finally(() => clearInterval(sampler));
  const { arrivedAtEpochMs } = await server.takeRecord();
  const fromMs = (arrivedAtEpochMs[0] ?? Number.NaN) + WARM_UP_MS;
  const within = (toMs: number) => arrivedAtEpochMs.filter((atMs) => atMs >= fromMs && atMs < toMs);
  const measured = within(fromMs + MEASURED_MS);
  return {
    lagMsP99: percentile(lagsMs(measured, rateRps), 99),
    madeShare: measured.length / ((rateRps * MEASURED_MS) / 1_000),
    cpuUsPerRequest: cpuPerRequest(samples, arrivedAtEpochMs, fromMs, fromMs + MEASURED_MS),
  };
}

interface CpuSample {
  readonly atEpochMs: number;
  readonly cpuUs: number;
}

async function sampleCpu(pid: number): Promise<readonly CpuSample[]> {
  const atEpochMs = performance.timeOrigin + performance.now();
  try {
    return [{ atEpochMs, cpuUs: (await cpuSeconds(pid)) * 1e6 }];
  } catch {
    // The tool has just ended; this sample is skipped.
    return [];
  }
}

function cpuPerRequest(
  samples: readonly CpuSample[],
  arrivedAtEpochMs: Float64Array,
  fromMs: number,
  toMs: number,
) {
  const inside = samples
    .filter(({ atEpochMs }) => atEpochMs >= fromMs && atEpochMs < toMs)
    .toSorted((one, other) => one.atEpochMs - other.atEpochMs);
  const [first, last] = [inside[0], inside.at(-1)];
  if (first === undefined || last === undefined) return Number.NaN;
  const requests = arrivedAtEpochMs.filter((atMs) => atMs >= first.atEpochMs && atMs < last.atEpochMs).length;
  return (last.cpuUs - first.cpuUs) / requests;
}

/** The error of a tool's percentiles under the known stall: the worst of P90, P99, P99.9 and the maximum. */
export async function measureStall(tool: Tool, server: ReferenceServer): Promise<number> {
  await server.takeRecord();
  server.planStall(SELF_TEST.stall);
  const { rateRps, durationMs } = SELF_TEST;
  const running = await tool.start({ baseUrl: server.baseUrl, rateRps, durationMs });
  const report = await running.report;
  const truth = trueLatencies(await server.takeRecord());
  const errors = (
    [
      [90, report.p90],
      [99, report.p99],
      [99.9, report.p999],
      [100, report.max],
    ] as const
  ).map(([percent, reportedMs]) => Math.abs(reportedMs / percentile(truth, percent) - 1));
  return Math.max(...errors);
}

/**
 * Computes the latencies of users who arrive on schedule, from the server's own record. An open loop sends
 * everything planned, and the n-th request to arrive is the n-th to be answered. A closed-loop tool sends
 * fewer requests during the stall; the users it did not simulate would have waited too, and been answered in
 * turn after the stall.
 */
function trueLatencies({ arrivedAtEpochMs, answeredAtEpochMs }: ServerRecord): Float64Array {
  const { rateRps, durationMs, stall } = SELF_TEST;
  const planned = (rateRps * durationMs) / 1_000;
  const lags = lagsMs(arrivedAtEpochMs, rateRps);
  if (arrivedAtEpochMs.length >= planned) {
    return lags.map(
      (lagMs, index) => lagMs + (answeredAtEpochMs[index] ?? 0) - (arrivedAtEpochMs[index] ?? 0),
    );
  }
  const stallEndsMs = stall.afterMs + stall.stallMs;
  return Float64Array.from({ length: planned }, (_, index) => {
    const plannedAtMs = (index * 1_000) / rateRps;
    const turn = index - (stall.afterMs * rateRps) / 1_000;
    if (turn < 0) return 0;
    return Math.max(0, stallEndsMs + (turn * 1_000) / stall.drainRps - plannedAtMs);
  });
}
