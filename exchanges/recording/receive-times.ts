import type { Clock } from "../../core/index.ts";

/** A tape's times, in ns since the epoch: the wall clock may jump during a recording, its times must not. */
export function receiveTimes(clock: Clock): () => bigint {
  const wallNs = BigInt(Math.round(clock.nowMs())) * 1_000_000n;
  const startMs = clock.monotonicMs();
  return () => wallNs + BigInt(Math.round((clock.monotonicMs() - startMs) * 1e6));
}
