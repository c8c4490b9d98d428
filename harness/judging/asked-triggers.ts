import type { FaultRecord, NotApplicable } from "../../evidence/index.ts";
import { type LoadResult, summarize } from "../../load/index.ts";
import type { Expectation } from "../experiment/scenario.ts";
import { STEADY_STATE } from "./steady-state.ts";

interface AskedTriggers {
  /** The expectation, with those of `fires` that are not asked for among `mayFire`. */
  readonly expectation: Expectation;
  readonly notApplicable: readonly NotApplicable[];
}

/**
 * Which triggers must fire: none of them where clients were not slowed as much as the scenario says. What clients
 * saw is measured apart from the platform's own metrics: where these hide how slow it was, the triggers are still
 * asked for.
 */
export function askedTriggers(
  expectation: Expectation,
  faults: readonly FaultRecord[],
  load: LoadResult,
): AskedTriggers {
  const { fires, firesAboveMsP95, mayFire } = expectation;
  const leastMs = firesAboveMsP95 === null ? null : leastMsP95(faults, load);
  if (firesAboveMsP95 === null || leastMs === null || leastMs > firesAboveMsP95)
    return { expectation, notApplicable: [] };
  const needs =
    `a P95 of clients above ${firesAboveMsP95} ms throughout the faults, ` +
    `which was ${Math.max(0, leastMs).toFixed(0)} ms at times`;
  return {
    expectation: { ...expectation, fires: [], mayFire: [...mayFire, ...fires] },
    notApplicable: fires.map((what) => ({ what, needs })),
  };
}

const STEP_MS = 100;

/**
 * The lowest P95 of any window within the faults, without the time by which the generator itself may have been late:
 * that is no time of the platform. Null when no window had enough operations, so that nothing is known.
 */
function leastMsP95(faults: readonly FaultRecord[], { operations, generator }: LoadResult): number | null {
  const fromMs = Math.min(...faults.map(({ injectedAtMs }) => injectedAtMs));
  const toMs = Math.max(...faults.map(({ healedAtMs }) => healedAtMs ?? Number.NEGATIVE_INFINITY));
  let least: number | null = null;
  for (let startMs = fromMs; startMs + STEADY_STATE.windowMs <= toMs; startMs += STEP_MS) {
    const window = summarize(operations, startMs, startMs + STEADY_STATE.windowMs);
    const { p95 } = window.latencyMs;
    if (p95 === null || window.operations < STEADY_STATE.minOperations) continue;
    least = Math.min(least ?? p95, p95);
  }
  return least === null ? null : least - (generator.lagMs.p99 ?? 0);
}
