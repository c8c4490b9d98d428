import type { Fault } from "../../chaos/index.ts";
import type { InvariantName } from "../invariants/registry.ts";

/**
 * An experiment as data: what is believed, what is done to the platform, and what must be seen if the belief
 * is right. `run.ts` documents how it is carried out.
 */
export interface Scenario {
  readonly name: string;
  /** What the experiment tries to refute, in one sentence for a reader who does not know the code. */
  readonly hypothesis: string;
  readonly load: ScenarioLoad;
  readonly timing: ScenarioTiming;
  readonly faults: readonly ScheduledFault[];
  readonly expectation: Expectation;
}

/** The order flow that runs from the first phase to the last. */
export interface ScenarioLoad {
  /** Operations a second, open-loop: planned starts never wait for answers. */
  readonly rateRps: number;
  /** Relative weights of the venues that orders go to. */
  readonly venues: { readonly binance: number; readonly btcturk: number };
}

export interface ScenarioTiming {
  /** How long the steady state is measured before the faults. */
  readonly steadyBeforeMs: number;
  /** How long it is measured again after recovery. */
  readonly steadyAfterMs: number;
}

/** A fault on the timeline, which starts with the fault phase. */
export interface ScheduledFault {
  readonly fault: Fault;
  readonly afterMs: number;
  readonly forMs: number;
  /** Of a fault that tells its client to stay away: how often it may bite one that heeds it. Left out: any number. */
  readonly mayBite?: number;
}

export interface Expectation {
  /** Triggers that must fire, none of them before the first fault. */
  readonly fires: readonly string[];
  /** Triggers that may fire, as a side effect of the fault. All others must stay quiet. */
  readonly mayFire: readonly string[];
  /** From the last healing to the steady state. */
  readonly recoversWithinMs: number;
  /** How long a client may wait for any answer, also while the faults are there. Left out: nothing is promised. */
  readonly answersWithinMs?: number;
  /** The share of orders that are accepted in the end although they began while the faults were there. Left out: any. */
  readonly acceptsShare?: number;
  /** Events without which the experiment proved nothing, whatever else it measured. */
  readonly happens: readonly Occurrence[];
  /** What the platform's own metrics must say besides the triggers, when the load has ended. */
  readonly holds: readonly Condition[];
  readonly invariants: readonly InvariantName[];
}

/** A bound on a query over the platform's metrics. Beyond it is a fail, no data is inconclusive. */
export interface Condition {
  readonly name: string;
  /** PromQL, evaluated when the load has ended; ranges are of the lab's own time. */
  readonly expression: string;
  readonly limit: { readonly atMost: number } | { readonly atLeast: number };
}

/** Something that must have happened: a query over the platform's metrics whose value must be above zero. */
export interface Occurrence {
  readonly name: string;
  /** PromQL, evaluated when the load has ended. */
  readonly expression: string;
}
