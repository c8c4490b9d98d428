import type { Window } from "../value.ts";
import { overRange } from "./promql-function.ts";

/** `changes`: how often the value changed inside the range. */
export const changes = overRange("changes", (window) =>
  countPairs(
    window,
    (previous, current) => current !== previous && !(Number.isNaN(current) && Number.isNaN(previous)),
  ),
);

/** `resets`: how often the value fell inside the range. */
export const resets = overRange("resets", (window) =>
  window.series === null
    ? countPairs(window, (previous, current) => current < previous)
    : window.series.resets.countIn(window.from, window.to),
);

function countPairs(
  { values, from, to }: Window,
  counts: (previous: number, current: number) => boolean,
): number {
  let count = 0;
  for (let index = from + 1; index < to; index++) {
    if (counts(values[index - 1] as number, values[index] as number)) count++;
  }
  return count;
}
