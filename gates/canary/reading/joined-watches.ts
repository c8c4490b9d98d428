import type { WatchedTriggers } from "./watched-triggers.ts";

/** Watches the triggers of all of them as if they were of one. They are disposed of by whoever opened them. */
export function joinWatches(watches: readonly WatchedTriggers[]): WatchedTriggers {
  return {
    states: async (signal) => (await Promise.all(watches.map((each) => each.states(signal)))).flat(),
    forget: async () => void (await Promise.all(watches.map((each) => each.forget()))),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
