import { type Random, seededRandom } from "../../core/index.ts";
import type { SampleColumn, SampleTable } from "../../evidence/index.ts";

/** The shape of a scenario's measurements, for a realistic run record. */
export interface SeriesPlan {
  readonly seed: number;
  readonly faultFromMs: number;
  readonly faultToMs: number;
  readonly sampleCount: number;
  /** By how much P95 rises during the fault, in milliseconds. */
  readonly latencyRiseMs: number;
  /** The share of requests that fail during the fault, 0 to 1. */
  readonly errorShare: number;
  /** Whether there are no answers during the fault, which leaves gaps in the latency series. */
  readonly answersNothing: boolean;
  /** The feed whose staleness was not measured. */
  readonly unmeasuredFeed: "binance" | "btcturk" | "none";
  /** The pool use during the fault, in percent. */
  readonly poolUsePercent: number;
}

export const SAMPLE_INTERVAL_MS = 250;

interface Moment {
  readonly atMs: number;
  readonly isFault: boolean;
  /** The position within the fault, 0 outside it. */
  readonly sinceFaultMs: number;
  readonly random: Random;
}

type Measure = (moment: Moment) => number | null;

/** Samples at 250 ms: noise around a steady state, the plan's excursion during the fault, an echo after it. */
export function seriesOf(plan: SeriesPlan): SampleTable {
  const random = seededRandom(plan.seed);
  const atMs = Array.from({ length: plan.sampleCount }, (_, index) => index * SAMPLE_INTERVAL_MS);
  const columns = definitionsOf(plan).map(({ measure, ...column }): SampleColumn => {
    const source = random.fork(column.id);
    const values = atMs.map((time) => {
      const isFault = time >= plan.faultFromMs && time < plan.faultToMs;
      const value = measure({
        atMs: time,
        isFault,
        sinceFaultMs: isFault ? time - plan.faultFromMs : 0,
        random: source,
      });
      return value === null ? null : Math.max(0, Math.round(value * 1_000) / 1_000);
    });
    return { ...column, values };
  });
  return { atMs, columns };
}

type Definition = Omit<SampleColumn, "values"> & { readonly measure: Measure };

function definitionsOf(plan: SeriesPlan): Definition[] {
  const ms = (id: string, label: string, measure: Measure): Definition => ({
    id,
    label,
    group: "latency",
    unit: "ms",
    measure,
  });
  return [
    ms("latency-ms-p50", "P50", latencyOf(plan, 9, 0.8)),
    ms("latency-ms-p95", "P95", latencyOf(plan, 24, 1)),
    ms("latency-ms-p99", "P99", latencyOf(plan, 41, 1.25)),
    { id: "rate-rps", label: "Answered", group: "rate", unit: "1/s", measure: answeredOf(plan) },
    { id: "errors-percent", label: "Errors", group: "errors", unit: "%", measure: errorsOf(plan) },
    {
      id: "cpu-percent",
      label: "CPU",
      group: "cpu",
      unit: "%",
      measure: around(plan, 34, plan.answersNothing ? -18 : 6, 5),
    },
    {
      id: "event-loop-ms",
      label: "Event loop P99",
      group: "event-loop",
      unit: "ms",
      measure: around(plan, 11, 4, 2),
    },
    {
      id: "staleness-s-binance",
      label: "Binance",
      group: "staleness",
      unit: "s",
      measure: stalenessOf(plan, "binance"),
    },
    {
      id: "staleness-s-btcturk",
      label: "BTCTurk",
      group: "staleness",
      unit: "s",
      measure: stalenessOf(plan, "btcturk"),
    },
    {
      id: "pool-percent",
      label: "In use",
      group: "pool",
      unit: "%",
      measure: around(plan, 18, plan.poolUsePercent - 18, 4),
    },
  ];
}

function latencyOf({ latencyRiseMs, answersNothing }: SeriesPlan, baseMs: number, factor: number): Measure {
  return ({ atMs, isFault, sinceFaultMs, random }) => {
    // The first sample of a run has no earlier samples for its window.
    if (atMs === 0) return null;
    if (isFault && answersNothing && sinceFaultMs > 750) return null;
    const rise = isFault ? latencyRiseMs * factor * Math.min(1, (sinceFaultMs + 250) / 1_500) : 0;
    return baseMs + rise * (0.9 + random.next() * 0.2) + random.exponential(baseMs / 6);
  };
}

function answeredOf({ errorShare }: SeriesPlan): Measure {
  return ({ isFault, random }) => (isFault ? 120 * (1 - errorShare) : 120) * (0.96 + random.next() * 0.08);
}

function errorsOf({ errorShare }: SeriesPlan): Measure {
  return ({ isFault, random }) => (isFault ? 100 * errorShare * (0.9 + random.next() * 0.1) : 0);
}

function around(_plan: SeriesPlan, base: number, rise: number, noise: number): Measure {
  return ({ isFault, sinceFaultMs, random }) =>
    base + (isFault ? rise * Math.min(1, sinceFaultMs / 1_000) : 0) + random.next() * noise;
}

function stalenessOf({ unmeasuredFeed }: SeriesPlan, feed: SeriesPlan["unmeasuredFeed"]): Measure {
  return ({ random }) => (unmeasuredFeed === feed ? null : 0.05 + random.exponential(0.06));
}
