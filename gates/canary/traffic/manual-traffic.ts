import type { Clock } from "../../../core/index.ts";
import { type ArmRequests, fitShare } from "./share-fit.ts";
import { type TrafficSplit, TrafficSplitError } from "./traffic-split.ts";

export interface ManualTrafficOptions {
  /** Asks the person who splits the traffic. */
  readonly ask: (text: string) => void;
  /** The requests of both arms since it was called last. Null: they are not known. */
  readonly measure: (signal: AbortSignal) => Promise<ArmRequests | null>;
  readonly clock: Pick<Clock, "monotonicMs" | "sleep">;
  readonly intervalMs: number;
  /** How long the share may take. */
  readonly longestMs: number;
}

/**
 * Has a person split the traffic, and waits until the requests of both arms show it. Only what is measured counts, not
 * what somebody says.
 */
export function manualTraffic(options: ManualTrafficOptions): TrafficSplit {
  return {
    kind: "manual",
    describe: (sharePercent) => `set the candidate's share to ${sharePercent} % at your balancer`,
    setShare: (sharePercent, signal) => untilShare(options, sharePercent, signal),
  };
}

async function untilShare(
  { ask, measure, clock, intervalMs, longestMs }: ManualTrafficOptions,
  sharePercent: number,
  signal: AbortSignal,
): Promise<void> {
  ask(
    `Set the candidate's share to ${sharePercent} % at your balancer. kanit goes on when the requests show it.`,
  );
  const startMs = clock.monotonicMs();
  // What came before does not count.
  await measure(signal);
  let window: ArmRequests = { stable: 0, candidate: 0 };
  let last = "no request was counted";
  while (clock.monotonicMs() - startMs < longestMs) {
    await clock.sleep(intervalMs, signal);
    const more = await measure(signal);
    if (more === null) {
      last = "the requests of an arm are not known";
      continue;
    }
    window = { stable: window.stable + more.stable, candidate: window.candidate + more.candidate };
    const fit = fitShare(window, sharePercent);
    if (fit === "fits") return;
    last = `${window.candidate} of ${window.stable + window.candidate} requests went to the candidate`;
    // The share may have changed in the middle of them.
    if (fit === "differs") window = { stable: 0, candidate: 0 };
  }
  throw new TrafficSplitError("share-not-confirmed", {
    message: `Expected the candidate to get ${sharePercent} % of the requests within ${longestMs / 1_000} s, but ${last}.`,
    nextStep: "Set the share, and repeat the command.",
  });
}
