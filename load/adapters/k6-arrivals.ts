import { UsageError } from "../../core/index.ts";
import type { ArrivalPlan } from "../arrivals.ts";

/** An arrival-rate executor of k6, with the names of its options. */
export interface K6Arrivals {
  readonly executor: "constant-arrival-rate" | "ramping-arrival-rate";
  readonly timeUnit: string;
  readonly preAllocatedVUs: number;
  readonly maxVUs: number;
  readonly rate?: number;
  readonly duration?: string;
  readonly startRate?: number;
  readonly stages?: readonly { readonly target: number; readonly duration: string }[];
}

/** k6 accepts whole rates only: in this unit a thousandth of an operation per second is a whole number. */
const TIME_UNIT = "1000s";
const PER_TIME_UNIT = 1_000;

/**
 * Virtual users created before the start; each costs some megabytes, and creating more during the run costs
 * CPU time.
 */
const MIN_USERS = 20;
const MAX_USERS = 1_000;
/** A user is busy until its answer comes: enough users for answers of half a second at the highest rate. */
const USUAL_ANSWER_S = 0.5;

/**
 * Converts a plan's arrivals to k6's scenarios.
 *
 * @throws UsageError `k6-cannot` for Poisson arrivals and single recorded starts, which k6 does not support.
 */
export function k6Arrivals(plan: ArrivalPlan): K6Arrivals {
  if (plan.kind === "starts") throw cannot("single recorded starts", "Use recorded rates: at_ms,rate_rps.");
  if (plan.spacing === "poisson")
    throw cannot("Poisson arrivals", "Omit --poisson: k6 starts requests at even intervals.");
  switch (plan.kind) {
    case "constant":
      return {
        executor: "constant-arrival-rate",
        timeUnit: TIME_UNIT,
        ...users(plan.rateRps),
        rate: inUnit(plan.rateRps),
        duration: milliseconds(plan.durationMs),
      };
    case "ramp":
      return ramping(plan.fromRps, [[plan.toRps, plan.durationMs]]);
    case "spike":
      return ramping(plan.baseRps, [
        [plan.baseRps, plan.beforeMs],
        [plan.peakRps, 0],
        [plan.peakRps, plan.peakMs],
        [plan.baseRps, 0],
        [plan.baseRps, plan.afterMs],
      ]);
    case "rates": {
      const [first, ...rest] = plan.points;
      let atMs = first?.atMs ?? 0;
      const stages = rest.map((point): [number, number] => {
        const durationMs = point.atMs - atMs;
        atMs = point.atMs;
        return [point.rateRps, durationMs];
      });
      return ramping(first?.rateRps ?? 0, stages);
    }
  }
}

function ramping(fromRps: number, stages: readonly (readonly [number, number])[]): K6Arrivals {
  return {
    executor: "ramping-arrival-rate",
    timeUnit: TIME_UNIT,
    ...users(Math.max(fromRps, ...stages.map(([rateRps]) => rateRps))),
    startRate: inUnit(fromRps),
    stages: stages.map(([rateRps, durationMs]) => ({
      target: inUnit(rateRps),
      duration: milliseconds(durationMs),
    })),
  };
}

function users(peakRps: number): Pick<K6Arrivals, "preAllocatedVUs" | "maxVUs"> {
  const wanted = Math.ceil(peakRps * USUAL_ANSWER_S);
  return { preAllocatedVUs: Math.min(MAX_USERS, Math.max(MIN_USERS, wanted)), maxVUs: MAX_USERS };
}

function inUnit(rateRps: number): number {
  return Math.round(rateRps * PER_TIME_UNIT);
}

function milliseconds(durationMs: number): string {
  return `${Math.round(durationMs)}ms`;
}

function cannot(what: string, nextStep: string): UsageError {
  return new UsageError({
    code: "k6-cannot",
    message: `Expected arrivals that k6 supports (constant, ramp, spike, recorded rates), got ${what}.`,
    nextStep,
  });
}
