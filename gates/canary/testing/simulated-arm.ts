import type { Random } from "../../../core/index.ts";
import type { ArmLook, CanaryLook, Growth, Measured } from "../judge/growth.ts";

/** How an arm behaves. */
export interface ArmBehavior {
  readonly errorRate: number;
  /** Latencies are lognormal. */
  readonly medianSeconds: number;
  readonly sigma: number;
  readonly stalenessSeconds: number;
  readonly riskBlockRate: number;
  readonly conflictRate: number;
}

/** A platform that is well. */
export const SOUND_ARM: ArmBehavior = {
  errorRate: 0.001,
  medianSeconds: 0.04,
  sigma: 0.6,
  stalenessSeconds: 1,
  riskBlockRate: 0,
  conflictRate: 0.001,
};

/** The buckets of the reference platform. */
const LATENCY_BOUNDS = [
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.15,
  0.2,
  0.25,
  0.3,
  0.4,
  0.5,
  0.75,
  1,
  2.5,
  5,
  10,
  Infinity,
] as const;
const LAG_BOUNDS = [0.005, 0.01, 0.02, 0.05, Infinity] as const;
const TIMERS = 50;
const PAUSES = 4;
/** Every fifth request is an order with a key. */
const ORDERS = 0.2;

/** What both arms measured while so many requests came, of which the candidate got its share by chance. */
export function simulatedLook(
  random: Random,
  options: {
    readonly atMs: number;
    readonly requests: number;
    readonly share: number;
    readonly minutes: number;
    readonly stable: ArmBehavior;
    readonly candidate: ArmBehavior;
  },
): CanaryLook {
  const { atMs, requests, share, minutes } = options;
  const toCandidate = share >= 1 ? requests : countOf(random, requests, share);
  const arm = (behavior: ArmBehavior, own: number) =>
    armLook(random, behavior, own, requests === 0 ? 0 : (minutes * own) / requests);
  return {
    atMs,
    stable: arm(options.stable, requests - toCandidate),
    candidate: arm(options.candidate, toCandidate),
  };
}

function armLook(random: Random, behavior: ArmBehavior, requests: number, minutes: number): ArmLook {
  const orders = Math.round(requests * ORDERS);
  const growths: Readonly<Record<string, Growth>> = {
    api_latency_p95: durations(random, requests, LATENCY_BOUNDS, behavior.medianSeconds, behavior.sigma),
    http_errors: {
      kind: "share",
      bad: countOf(random, requests, behavior.errorRate),
      total: requests,
      byRoute: {},
    },
    feed_staleness: { kind: "gauge", value: behavior.stalenessSeconds },
    risk_blocks: {
      ...{ kind: "events", requests, minutes },
      events: countOf(random, requests, behavior.riskBlockRate),
    },
    idempotency_conflicts: {
      ...{ kind: "share", total: orders, byRoute: {} },
      bad: countOf(random, orders, behavior.conflictRate),
    },
    csp_violations: { kind: "events", requests, minutes, events: 0 },
    event_loop_lag: durations(random, TIMERS, LAG_BOUNDS, 0.002, 0.7),
    gc_pause: durations(random, PAUSES, LAG_BOUNDS, 0.003, 0.7),
  };
  const measured = Object.entries(growths).map(([id, value]) => [id, { kind: "measured", value }] as const);
  return {
    requests: { kind: "measured", value: requests },
    restarts: { kind: "measured", value: 0 },
    growths: Object.fromEntries<Measured<Growth>>(measured),
  };
}

function durations(
  random: Random,
  size: number,
  upperBounds: readonly number[],
  median: number,
  sigma: number,
): Growth {
  const below = lognormalBelow(upperBounds, median, sigma);
  const counts = upperBounds.map(() => 0);
  for (let each = 0; each < size; each++) {
    const u = random.next();
    let bucket = 0;
    while (u > (below[bucket] ?? 1)) bucket += 1;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  const sum = size * median * Math.exp(sigma ** 2 / 2);
  return { kind: "durations", histogram: { upperBounds, counts, sum }, byRoute: {} };
}

/** How many of n things happen, each with its probability; waits from one to the next are geometric. */
function countOf(random: Random, n: number, probability: number): number {
  if (probability <= 0) return 0;
  if (probability >= 1) return n;
  const log = Math.log1p(-probability);
  let count = 0;
  for (let index = -1; ; count++) {
    index += 1 + Math.floor(Math.log(1 - random.next()) / log);
    if (index >= n) return count;
  }
}

/** The probability that a duration is within each bound. */
function lognormalBelow(upperBounds: readonly number[], median: number, sigma: number): readonly number[] {
  return upperBounds.map((bound) => (bound === Infinity ? 1 : normalBelow(Math.log(bound / median) / sigma)));
}

/** The standard normal distribution, to 7 digits (Abramowitz and Stegun, 26.2.17). */
function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const series = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153];
  const tail = density * series.reduce((sum, coefficient) => (sum + coefficient) * t, 0);
  return z >= 0 ? 1 - tail : tail;
}
