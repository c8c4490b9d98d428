import { isEnding } from "../flow-item.ts";
import { HoldQueue } from "../hold-queue.ts";
import { wholeNumber } from "./attribute-spec.ts";
import { oneWayToxic, PACING_CAPACITY_BYTES } from "./toxic-type.ts";

/** Passes data immediately, and delays the end of the stream by `delay`. */
export const slowClose = oneWayToxic({
  type: "slow_close",
  summary: "delays the closing of the connection",
  engine: "toxiproxy",
  attributes: {
    delay: wholeNumber("ms", "ms by which the closing is delayed"),
  },
  capacityBytes: PACING_CAPACITY_BYTES,
  start(host, initial) {
    let { delay: delayMs } = initial;
    const queue = new HoldQueue({
      clock: host.clock,
      loop: host.loop,
      emit: (item) => host.emit(item),
      dueAtMs: (held) => held.arrivedAtMs + delayMs,
    });
    return {
      get heldBytes() {
        return queue.heldBytes;
      },
      push(item) {
        if (!isEnding(item)) return host.emit(item);
        if (delayMs > 0) host.bite(0);
        queue.add(item);
      },
      update(attributes) {
        ({ delay: delayMs } = attributes);
        queue.reschedule();
      },
      release: () => queue.release(),
      discard: () => queue.discard(),
    };
  },
});
