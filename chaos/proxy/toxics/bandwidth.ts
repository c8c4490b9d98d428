import { isEnding } from "../flow-item.ts";
import { HoldQueue } from "../hold-queue.ts";
import { wholeNumber } from "./attribute-spec.ts";
import { oneWayToxic, PACING_CAPACITY_BYTES } from "./toxic-type.ts";

/** A chunk is sent in pieces of at most this much time, so that a slow line is steady. */
const PIECE_MS = 20;

/** This much of the line's time is sent ahead, so that a late timer does not lower the rate. */
const AHEAD_MS = 50;
/** At high rates less is sent ahead. */
const MAX_AHEAD_BYTES = 8 * 1024 * 1024;

/**
 * Passes at most `rate` KB/s (1 KB = 1000 bytes, as Toxiproxy counts) in this direction of each connection.
 * A rate of 0 lets nothing pass.
 */
export const bandwidth = oneWayToxic({
  type: "bandwidth",
  summary: "limits a connection to a rate",
  engine: "toxiproxy",
  attributes: {
    rate: wholeNumber("KB/s", "thousands of bytes per second"),
  },
  capacityBytes: ({ rate }) =>
    Math.min(MAX_AHEAD_BYTES, Math.max(PACING_CAPACITY_BYTES, Number(rate) * AHEAD_MS)),
  start(host, initial) {
    let { rate: bytesPerMs } = initial; // 1 KB/s is one byte per millisecond.
    const queue = new HoldQueue({
      clock: host.clock,
      loop: host.loop,
      emit: (item) => host.emit(item),
      dueAtMs: (held, previousMs) => {
        const startsMs = Math.max(previousMs, held.arrivedAtMs);
        return isEnding(held.item) ? startsMs : startsMs + held.item.length / bytesPerMs;
      },
      pieceBytes: (left) => (bytesPerMs > 0 ? Math.max(1, Math.floor(bytesPerMs * PIECE_MS)) : left.length),
    });
    return {
      get heldBytes() {
        return queue.heldBytes;
      },
      push(item) {
        if (!isEnding(item)) host.bite(item.length);
        queue.add(item);
      },
      update(attributes) {
        ({ rate: bytesPerMs } = attributes);
        queue.reschedule();
      },
      release: () => queue.release(),
      discard: () => queue.discard(),
    };
  },
});
