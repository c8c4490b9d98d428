import type { ScenarioRecord } from "../../evidence/index.ts";

/**
 * Returns the length of a scenario's time axis in milliseconds, at least 1: up to the last event. Lanes and
 * charts share it, so that they line up. It is not `durationMs`, which includes set-up and judging.
 */
export function spanMsOf({ phases, samples, faults, triggers }: ScenarioRecord): number {
  return Math.max(
    1,
    ...phases.map(({ endMs }) => endMs),
    samples.atMs.at(-1) ?? 0,
    ...faults.map(({ injectedAtMs, healedAtMs }) => healedAtMs ?? injectedAtMs),
    ...triggers.map(({ history }) => history.at(-1)?.atMs ?? 0),
  );
}
