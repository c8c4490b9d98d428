import type { ScenarioRecord } from "../../evidence/index.ts";

/**
 * How long a scenario's time axis is, in milliseconds, at least 1: to the last thing that has a time. Lanes
 * and charts share it, which is what lines them up. Not `durationMs`, which also counts set-up and judging.
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
