import { CANARY_SIGNALS, type CanarySignal, queriesOf, REQUESTS } from "../judge/canary-signal.ts";
import type { ArmLook, CanaryLook, Growth, Measured } from "../judge/growth.ts";
import type { Share } from "../statistics/count-evidence.ts";
import type { Histogram } from "../statistics/histogram.ts";
import { type Grown, growthOf, restartsOf, type Snapshot } from "./counter-growth.ts";

/** Both arms, each read at the beginning and at the end of a look. */
export interface ReadPair {
  readonly before: { readonly stable: Snapshot; readonly candidate: Snapshot };
  readonly now: { readonly stable: Snapshot; readonly candidate: Snapshot };
  /** Seconds of production in one second here. */
  readonly timeScale: number;
}

/** Makes a look of what was read. Pure. */
export function lookOf({ before, now, timeScale }: ReadPair): CanaryLook {
  const requests = {
    stable: totalOf(countOf(growthOf(before.stable, now.stable, REQUESTS), REQUESTS)),
    candidate: totalOf(countOf(growthOf(before.candidate, now.candidate, REQUESTS), REQUESTS)),
  };
  const minutes = ((now.candidate.atMs - before.candidate.atMs) * timeScale) / 60_000;
  const armLook = (arm: "stable" | "candidate"): ArmLook => ({
    requests: requests[arm],
    restarts: restartsOf(before[arm], now[arm]),
    growths: Object.fromEntries(
      CANARY_SIGNALS.map((signal) => [
        signal.id,
        signalGrowth(signal, before[arm], now[arm], exposureOf(requests[arm], requests, minutes)),
      ]),
    ),
  });
  return { atMs: now.candidate.atMs, stable: armLook("stable"), candidate: armLook("candidate") };
}

interface Exposure {
  readonly requests: number;
  readonly minutes: number;
}

/** An arm that gets a tenth of the requests stands for a tenth of the time of all traffic. */
function exposureOf(
  own: Measured<number>,
  { stable, candidate }: { readonly stable: Measured<number>; readonly candidate: Measured<number> },
  minutes: number,
): Measured<Exposure> {
  if (own.kind === "unknown") return own;
  if (stable.kind === "unknown") return stable;
  if (candidate.kind === "unknown") return candidate;
  const all = stable.value + candidate.value;
  return {
    kind: "measured",
    value: { requests: own.value, minutes: all === 0 ? 0 : (minutes * own.value) / all },
  };
}

function signalGrowth(
  signal: CanarySignal,
  before: Snapshot,
  now: Snapshot,
  exposure: Measured<Exposure>,
): Measured<Growth> {
  const { source } = signal;
  const grown = (selector: string) => growthOf(before, now, selector);
  const counted = (selector: string) => countOf(grown(selector), selector);
  switch (source.kind) {
    case "share":
      return both(totalOf(counted(source.bad)), totalOf(counted(source.total)), (bad, total) =>
        bad > total
          ? { kind: "unknown", why: `${source.bad} grew by ${bad}, more than ${source.total} by ${total}` }
          : { kind: "measured", value: { kind: "share", bad, total, byRoute: {} } },
      );
    case "status-share":
      return statusShare(counted(source.requests), source.firstDigit);
    case "durations": {
      const [buckets = "", sum = ""] = queriesOf(signal);
      return both(counted(buckets), totalOf(grown(sum)), durationsOf);
    }
    case "events":
      return both(totalOf(counted(source.selector)), exposure, (events, { requests, minutes }) => ({
        kind: "measured",
        value: { kind: "events", events, requests, minutes },
      }));
    case "gauge": {
      const read = now.series[source.selector];
      if (read?.kind !== "measured")
        return read ?? { kind: "unknown", why: `${source.selector} was not read` };
      return {
        kind: "measured",
        value: { kind: "gauge", value: Math.max(...read.value.map(({ value }) => value)) },
      };
    }
  }
}

function statusShare(requests: Measured<readonly Grown[]>, firstDigit: string): Measured<Growth> {
  if (requests.kind === "unknown") return requests;
  if (requests.value.some(({ labels }) => labels.status === undefined)) {
    return { kind: "unknown", why: "requests without the label status, so that errors cannot be counted" };
  }
  const shareOf = (grown: readonly Grown[]): Share => ({
    bad: sumOf(grown.filter(({ labels }) => labels.status?.startsWith(firstDigit))),
    total: sumOf(grown),
  });
  const byRoute = Object.fromEntries(
    routesOf(requests.value).map(([route, grown]) => [route, shareOf(grown)]),
  );
  return { kind: "measured", value: { kind: "share", ...shareOf(requests.value), byRoute } };
}

/** Series by the route that they count; none where not all of them have one. */
function routesOf(grown: readonly Grown[]): readonly (readonly [route: string, grown: readonly Grown[]])[] {
  if (grown.some(({ labels }) => labels.route === undefined)) return [];
  const nameOf = ({ labels }: Grown) => `${labels.method ?? ""} ${labels.route}`;
  return [...Map.groupBy(grown, nameOf)];
}

function sumOf(grown: readonly Grown[]): number {
  return grown.reduce((sum, { growth }) => sum + growth, 0);
}

function durationsOf(buckets: readonly Grown[], sum: number): Measured<Growth> {
  const whole = histogramOf(buckets, sum);
  if (whole.kind === "unknown") return whole;
  // The sum of a route's durations is not needed: routes are compared by their ranks.
  const routes = routesOf(buckets).map(([route, grown]) => [route, histogramOf(grown, 0)] as const);
  const byRoute: Record<string, Histogram> = {};
  for (const [route, histogram] of routes) {
    if (histogram.kind === "unknown") return histogram;
    byRoute[route] = histogram.value;
  }
  return { kind: "measured", value: { kind: "durations", histogram: whole.value, byRoute } };
}

function histogramOf(buckets: readonly Grown[], sum: number): Measured<Histogram> {
  const cumulative = new Map<number, number>();
  for (const { labels, growth } of buckets) {
    const bound = labels.le === "+Inf" ? Number.POSITIVE_INFINITY : Number(labels.le);
    cumulative.set(bound, (cumulative.get(bound) ?? 0) + growth);
  }
  const upperBounds = [...cumulative.keys()].sort((a, b) => a - b);
  if (upperBounds.at(-1) !== Number.POSITIVE_INFINITY) {
    return { kind: "unknown", why: 'a histogram without le="+Inf"' };
  }
  const counts = upperBounds.map(
    (bound, index) =>
      (cumulative.get(bound) ?? 0) - (cumulative.get(upperBounds[index - 1] ?? Number.NaN) ?? 0),
  );
  if (counts.some((count) => count < 0)) {
    return { kind: "unknown", why: "a histogram whose buckets do not ascend" };
  }
  return { kind: "measured", value: { upperBounds, counts, sum } };
}

/** What is counted is whole: a part of a request shows that something else than a counter was read. */
function countOf(grown: Measured<readonly Grown[]>, of: string): Measured<readonly Grown[]> {
  if (grown.kind === "unknown") return grown;
  const part = grown.value.find(({ growth }) => !Number.isSafeInteger(growth));
  if (part === undefined) return grown;
  return { kind: "unknown", why: `${of} grew by ${part.growth}, which counts nothing` };
}

function totalOf(grown: Measured<readonly Grown[]>): Measured<number> {
  if (grown.kind === "unknown") return grown;
  return { kind: "measured", value: sumOf(grown.value) };
}

function both<A, B>(
  a: Measured<A>,
  b: Measured<B>,
  merge: (a: A, b: B) => Measured<Growth>,
): Measured<Growth> {
  if (a.kind === "unknown") return a;
  if (b.kind === "unknown") return b;
  return merge(a.value, b.value);
}
