import type { Window } from "../value.ts";
import { overRange } from "./promql-function.ts";

/** `irate`: the increase per second between the last two samples of a counter. */
export const irate = overRange("irate", (window) => {
  const pair = lastPair(window);
  if (pair === undefined) return undefined;
  const change = pair.last < pair.previous ? pair.last : pair.last - pair.previous;
  return change / pair.seconds;
});

/** `idelta`: the difference between the last two samples of a gauge. */
export const idelta = overRange("idelta", (window) => {
  const pair = lastPair(window);
  return pair === undefined ? undefined : pair.last - pair.previous;
});

function lastPair({ timesMs, values, from, to }: Window) {
  if (to - from < 2) return undefined;
  const seconds = ((timesMs[to - 1] as number) - (timesMs[to - 2] as number)) / 1_000;
  if (seconds === 0) return undefined;
  return { last: values[to - 1] as number, previous: values[to - 2] as number, seconds };
}
