import { type QuantityName, type Verdict, whyImpossible } from "../../core/index.ts";

/**
 * The requirements of the release captain's rule; the limits are those of the requirement
 * for the micro blast radius.
 */
export const BLAST_LIMITS = {
  /** The required share of 2xx answers. */
  successRatio: 0.95,
  latencyMsP95: 500,
  /**
   * A P95 above this while the CPU is below its limit means that something other than work delays requests.
   */
  anomalyLatencyMsP95: 250,
  anomalyCpuFraction: 0.6,
  /** No error in n requests only shows an error rate below 3/n: for 5 % that takes 60. */
  minRequests: 60,
  /** Fewer pongs could be luck. */
  minPings: 10,
} as const;

/** The measurements of one blast. */
export interface BlastMeasurement {
  readonly requests: number;
  readonly successes: number;
  readonly latencyMsP50: number | null;
  readonly latencyMsP95: number | null;
  readonly pings: number;
  readonly pongs: number;
  readonly pingMsP95: number | null;
  /** Of one core, by the platform's own metrics; null when it has none. */
  readonly cpuFraction: number | null;
}

export interface BlastCheck {
  readonly name: string;
  readonly verdict: Verdict;
  readonly expected: string;
  readonly received: string;
}

/** The quantity of each number of a measurement, which defines its possible range. */
const QUANTITY_OF: Readonly<Record<keyof BlastMeasurement, QuantityName>> = {
  requests: "count",
  successes: "count",
  latencyMsP50: "milliseconds",
  latencyMsP95: "milliseconds",
  pings: "count",
  pongs: "count",
  pingMsP95: "milliseconds",
  cpuFraction: "cores",
};

/**
 * Judges a blast. Pure; too few measurements are inconclusive, which does not release. So is a measurement
 * that contains an impossible number.
 */
export function judgeBlast(measured: BlastMeasurement): readonly BlastCheck[] {
  return [
    judgeSuccess(measured),
    judgeLatency(measured),
    judgeWebSocket(measured),
    judgeAnomaly(measured),
    ...judgeNumbers(measured),
  ];
}

function judgeNumbers(measured: BlastMeasurement): readonly BlastCheck[] {
  const { requests, successes, latencyMsP50, latencyMsP95, pings, pongs, pingMsP95 } = measured;
  const names = Object.keys(QUANTITY_OF) as (keyof BlastMeasurement)[];
  const impossible = names.map((name) => {
    const value = measured[name];
    const why = value === null ? null : whyImpossible(QUANTITY_OF[name], value);
    return why === null ? null : `${name}: ${why}`;
  });
  const contradictions = [
    successes > requests ? `${successes} of ${requests} requests succeeded` : null,
    pongs > pings ? `${pongs} of ${pings} pings were answered` : null,
    requests > 0 && latencyMsP50 === null ? `P50 of ${requests} requests is unknown` : null,
    pongs > 0 && pingMsP95 === null ? `P95 of ${pongs} pings is unknown` : null,
    latencyMsP50 !== null && latencyMsP95 !== null && latencyMsP50 > latencyMsP95
      ? `P50 ${milliseconds(latencyMsP50)} is above P95 ${milliseconds(latencyMsP95)}`
      : null,
  ];
  return [...impossible, ...contradictions]
    .filter((received) => received !== null)
    .map((received) => ({
      name: "measurement",
      verdict: "inconclusive",
      expected: "plausible measurements",
      received,
    }));
}

function judgeSuccess({ requests, successes }: BlastMeasurement): BlastCheck {
  const { successRatio, minRequests } = BLAST_LIMITS;
  const check = {
    name: "success rate",
    expected: `more than ${percent(successRatio)} of at least ${minRequests} requests`,
  };
  const received =
    requests === 0 ? "no request was answered" : `${percent(successes / requests)} of ${requests}`;
  // Failures count immediately; successes only when there are enough of them.
  if (
    requests > 0 &&
    requests - successes >= minRequests * (1 - successRatio) &&
    successes / requests <= successRatio
  ) {
    return { ...check, verdict: "fail", received };
  }
  if (requests < minRequests) return { ...check, verdict: "inconclusive", received };
  return { ...check, verdict: successes / requests > successRatio ? "pass" : "fail", received };
}

function judgeLatency({ requests, latencyMsP95, latencyMsP50 }: BlastMeasurement): BlastCheck {
  const check = { name: "API latency", expected: `P95 below ${BLAST_LIMITS.latencyMsP95} ms` };
  if (latencyMsP95 === null || requests < BLAST_LIMITS.minRequests) {
    return { ...check, verdict: "inconclusive", received: `${requests} requests are too few` };
  }
  const received = `P50 ${milliseconds(latencyMsP50)}, P95 ${milliseconds(latencyMsP95)}`;
  return { ...check, verdict: latencyMsP95 < BLAST_LIMITS.latencyMsP95 ? "pass" : "fail", received };
}

function judgeWebSocket({ pings, pongs, pingMsP95 }: BlastMeasurement): BlastCheck {
  const { successRatio, minPings } = BLAST_LIMITS;
  const check = {
    name: "WebSocket ping",
    expected: `more than ${percent(successRatio)} of at least ${minPings} pings answered`,
  };
  const received = `${pongs} of ${pings}, P95 ${milliseconds(pingMsP95)}`;
  if (pings < minPings)
    return { ...check, verdict: pings > 0 && pongs === 0 ? "fail" : "inconclusive", received };
  return { ...check, verdict: pongs / pings > successRatio ? "pass" : "fail", received };
}

function judgeAnomaly({ requests, latencyMsP95, cpuFraction }: BlastMeasurement): BlastCheck {
  const { anomalyLatencyMsP95, anomalyCpuFraction, minRequests } = BLAST_LIMITS;
  const check = {
    name: "latency against CPU",
    expected: `no P95 above ${anomalyLatencyMsP95} ms with CPU below ${percent(anomalyCpuFraction)}`,
  };
  const cpu = cpuFraction === null ? "CPU unknown (no metrics)" : `CPU ${percent(cpuFraction)}`;
  const received = `P95 ${milliseconds(latencyMsP95)}, ${cpu}`;
  if (latencyMsP95 === null || requests < minRequests) return { ...check, verdict: "inconclusive", received };
  if (latencyMsP95 <= anomalyLatencyMsP95) return { ...check, verdict: "pass", received };
  if (cpuFraction === null) return { ...check, verdict: "inconclusive", received };
  return { ...check, verdict: cpuFraction < anomalyCpuFraction ? "fail" : "pass", received };
}

function percent(ratio: number): string {
  return `${Number((ratio * 100).toFixed(1))} %`;
}

function milliseconds(value: number | null): string {
  return value === null ? "unknown" : `${value.toFixed(0)} ms`;
}
