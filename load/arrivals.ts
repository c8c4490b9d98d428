import { seededRandom } from "../core/index.ts";

/**
 * How planned starts are spaced within the planned rate: `even` at equal distances, `poisson` at random like
 * independent users, which produces short bursts.
 */
export type ArrivalSpacing = "even" | "poisson";

/** When operations are planned to start, as data. Rates are in operations per second. */
export type ArrivalPlan =
  | {
      readonly kind: "constant";
      readonly rateRps: number;
      readonly durationMs: number;
      readonly spacing: ArrivalSpacing;
    }
  | {
      readonly kind: "ramp";
      readonly fromRps: number;
      readonly toRps: number;
      readonly durationMs: number;
      readonly spacing: ArrivalSpacing;
    }
  | {
      readonly kind: "spike";
      readonly baseRps: number;
      readonly peakRps: number;
      readonly beforeMs: number;
      readonly peakMs: number;
      readonly afterMs: number;
      readonly spacing: ArrivalSpacing;
    }
  /** Recorded rates, at ascending times from 0: straight lines between them; two at one time make a step. */
  | { readonly kind: "rates"; readonly points: readonly RatePoint[]; readonly spacing: ArrivalSpacing }
  /** Recorded starts, ascending, each below the duration. */
  | { readonly kind: "starts"; readonly startsMs: readonly number[]; readonly durationMs: number };

/** A rate at a time since the load's start. */
export interface RatePoint {
  readonly atMs: number;
  readonly rateRps: number;
}

/** A period in which the rate changes linearly from one value to another. */
interface RateSegment {
  readonly durationMs: number;
  readonly fromRps: number;
  readonly toRps: number;
}

/**
 * Compensates rounding errors, so that 500 rps for 6 s is 3,000 starts without an additional one at the very
 * end.
 */
const EDGE = 1e-9;

/**
 * The planned starts of a plan, in milliseconds since the load's start, ascending, each below the plan's
 * duration. The same plan and seed give the same starts. They are yielded one by one, so that an hour at a
 * high rate takes no memory.
 *
 * Recorded starts are used as they are. Otherwise a start is where the integral of the rate reaches the next
 * whole number (`even`), or the next arrival of a unit Poisson process (`poisson`), so that both follow ramps
 * exactly.
 */
export function* plannedStartsMs(plan: ArrivalPlan, seed: number): Generator<number, void, undefined> {
  if (plan.kind === "starts") {
    yield* plan.startsMs;
    return;
  }
  const random = seededRandom(seed).fork("arrivals");
  const nextGap = plan.spacing === "even" ? () => 1 : () => random.exponential(1);
  let due = plan.spacing === "even" ? 0 : nextGap();
  let segmentStartMs = 0;
  let plannedBefore = 0;
  for (const segment of rateSegments(plan)) {
    const plannedInSegment = (((segment.fromRps + segment.toRps) / 2) * segment.durationMs) / 1_000;
    while (due - plannedBefore < plannedInSegment - EDGE) {
      yield segmentStartMs + timeOfCountMs(segment, Math.max(0, due - plannedBefore));
      due += nextGap();
    }
    plannedBefore += plannedInSegment;
    segmentStartMs += segment.durationMs;
  }
}

/** How long a plan lasts, in milliseconds. */
export function arrivalDurationMs(plan: ArrivalPlan): number {
  if (plan.kind === "starts") return plan.durationMs;
  return rateSegments(plan).reduce((sumMs, segment) => sumMs + segment.durationMs, 0);
}

function rateSegments(plan: Exclude<ArrivalPlan, { kind: "starts" }>): readonly RateSegment[] {
  switch (plan.kind) {
    case "constant":
      return [{ durationMs: plan.durationMs, fromRps: plan.rateRps, toRps: plan.rateRps }];
    case "ramp":
      return [{ durationMs: plan.durationMs, fromRps: plan.fromRps, toRps: plan.toRps }];
    case "spike":
      return [
        { durationMs: plan.beforeMs, fromRps: plan.baseRps, toRps: plan.baseRps },
        { durationMs: plan.peakMs, fromRps: plan.peakRps, toRps: plan.peakRps },
        { durationMs: plan.afterMs, fromRps: plan.baseRps, toRps: plan.baseRps },
      ];
    case "rates":
      return segmentsBetween(plan.points);
  }
}

/** Two points at the same time form no segment: the rate jumps there. */
function segmentsBetween(points: readonly RatePoint[]): readonly RateSegment[] {
  return points.slice(1).flatMap((to, index) => {
    const from = points[index] ?? to;
    const durationMs = to.atMs - from.atMs;
    return durationMs === 0 ? [] : [{ durationMs, fromRps: from.rateRps, toRps: to.rateRps }];
  });
}

/** When `count` operations have been planned within the segment: the root of a·t²/2 + from·t = count. */
function timeOfCountMs(segment: RateSegment, count: number): number {
  const fromPerMs = segment.fromRps / 1_000;
  const slopePerMs2 = (segment.toRps - segment.fromRps) / 1_000 / segment.durationMs;
  const root = Math.sqrt(Math.max(0, fromPerMs * fromPerMs + 2 * slopePerMs2 * count));
  // This form does not subtract nearly equal numbers, and does not divide by zero when the rate is constant.
  return count === 0 ? 0 : (2 * count) / (fromPerMs + root);
}
