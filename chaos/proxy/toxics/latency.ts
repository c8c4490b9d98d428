import { isEnding } from "../flow-item.ts";
import { HoldQueue } from "../hold-queue.ts";
import { wholeNumber } from "./attribute-spec.ts";
import { oneWayToxic } from "./toxic-type.ts";

/** What may be under way on a slow line: 300 ms of more than 100 Mbit/s. */
const IN_FLIGHT_CAPACITY_BYTES = 4 * 1024 * 1024;

/**
 * Delays bytes by `latency` ± `jitter`, drawn evenly and once per chunk. Chunks keep their order and are under
 * way together, so that it costs time and not throughput. An ending follows right behind the last byte, as in
 * Toxiproxy: closing slowly is what `slow_close` is for.
 */
export const latency = oneWayToxic({
  type: "latency",
  summary: "delays all data by latency ± jitter",
  engine: "toxiproxy",
  attributes: {
    latency: wholeNumber("ms", "mean delay in ms"),
    jitter: wholeNumber("ms", "greatest deviation from the mean in ms"),
  },
  capacityBytes: IN_FLIGHT_CAPACITY_BYTES,
  start(host, initial) {
    let { latency: meanMs, jitter: jitterMs } = initial;
    const queue = new HoldQueue({
      clock: host.clock,
      loop: host.loop,
      emit: (item) => host.emit(item),
      dueAtMs: (held) => {
        if (isEnding(held.item)) return held.arrivedAtMs;
        const deviation = jitterMs === 0 ? 0 : (2 * host.roll(held.number) - 1) * jitterMs;
        return held.arrivedAtMs + Math.max(0, meanMs + deviation);
      },
    });
    return {
      get heldBytes() {
        return queue.heldBytes;
      },
      push(item) {
        if (!isEnding(item) && meanMs + jitterMs > 0) host.bite(item.length);
        queue.add(item);
      },
      update(attributes) {
        ({ latency: meanMs, jitter: jitterMs } = attributes);
        queue.reschedule();
      },
      release: () => queue.release(),
      discard: () => queue.discard(),
    };
  },
});
