import { isEnding } from "../flow-item.ts";
import { HoldQueue } from "../hold-queue.ts";
import type { StagePairHost } from "../stage.ts";
import { PACING_CAPACITY_BYTES, type StageOf, twoWayToxic } from "./toxic-type.ts";

type NoAttributes = Record<never, never>;

/**
 * Holds both directions and closes nothing: a paused virtual machine, or a long garbage collection. Senders
 * are blocked when the capacity is used up. When the toxic is removed, everything is delivered in order.
 */
export const freeze = twoWayToxic({
  type: "freeze",
  summary: "holds everything in both directions, and closes nothing",
  attributes: {},
  capacityBytes: PACING_CAPACITY_BYTES,
  start: (host) => ({
    upstream: startFrozen(host, (item) => host.emitUpstream(item)),
    downstream: startFrozen(host, (item) => host.emitDownstream(item)),
  }),
});

function startFrozen(host: StagePairHost, emit: StagePairHost["emitUpstream"]): StageOf<NoAttributes> {
  const queue = new HoldQueue({
    clock: host.clock,
    loop: host.loop,
    emit,
    dueAtMs: () => Number.POSITIVE_INFINITY,
  });
  return {
    get heldBytes() {
      return queue.heldBytes;
    },
    push(item) {
      host.bite(isEnding(item) ? 0 : item.length);
      queue.add(item);
    },
    update: () => undefined,
    release: () => queue.release(),
    discard: () => queue.discard(),
  };
}
