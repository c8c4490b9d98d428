import type { Share } from "../statistics/count-evidence.ts";
import { addHistograms, type Histogram } from "../statistics/histogram.ts";

/** A number that was measured, or why it was not. Nothing is ever put in its place. */
export type Measured<Value> =
  | { readonly kind: "measured"; readonly value: Value }
  | { readonly kind: "unknown"; readonly why: string };

/** By how much the metrics of a signal grew in one arm from one look to the next. */
export type Growth =
  | {
      readonly kind: "share";
      readonly bad: number;
      readonly total: number;
      /** By route, where its metrics have one; otherwise empty. */
      readonly byRoute: Readonly<Record<string, Share>>;
    }
  | {
      readonly kind: "durations";
      readonly histogram: Histogram;
      readonly byRoute: Readonly<Record<string, Histogram>>;
    }
  | {
      readonly kind: "events";
      readonly events: number;
      /** The requests of the arm in the same time. */
      readonly requests: number;
      /** The minutes of all traffic that these requests stand for: a share of 1 % for 100 min is one minute. */
      readonly minutes: number;
    }
  | {
      readonly kind: "gauge";
      /** The worst value of the look. */
      readonly value: number;
    };

/** What was measured of one arm. */
export interface ArmLook {
  /** Requests of users: neither probes nor the metrics page. */
  readonly requests: Measured<number>;
  /** How often a process of the arm started again. */
  readonly restarts: Measured<number>;
  /** By the id of the golden signal. */
  readonly growths: Readonly<Record<string, Measured<Growth>>>;
}

/** Both arms, measured over the same time. */
export interface CanaryLook {
  readonly atMs: number;
  readonly stable: ArmLook;
  readonly candidate: ArmLook;
}

/**
 * Returns the growth of both times together. Of a gauge it is the later value. Routes are compared look by look, and
 * not added.
 */
export function addGrowths(earlier: Growth | null, later: Growth): Growth {
  if (earlier === null) return later;
  if (earlier.kind === "share" && later.kind === "share") {
    const { bad, total } = later;
    return { kind: "share", bad: earlier.bad + bad, total: earlier.total + total, byRoute: {} };
  }
  if (earlier.kind === "durations" && later.kind === "durations") {
    const histogram = addHistograms(earlier.histogram, later.histogram);
    return { kind: "durations", histogram, byRoute: {} };
  }
  if (earlier.kind === "events" && later.kind === "events") {
    return {
      kind: "events",
      events: earlier.events + later.events,
      requests: earlier.requests + later.requests,
      minutes: earlier.minutes + later.minutes,
    };
  }
  return later;
}
