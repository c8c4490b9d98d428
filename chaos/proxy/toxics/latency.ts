import { isEnding } from "../flow-item.ts";
import { HoldQueue } from "../hold-queue.ts";
import { wholeNumber } from "./attribute-spec.ts";
import { oneWayToxic } from "./toxic-type.ts";

/** The least capacity: a short delay must not limit the rate, and needs no more memory. */
const MIN_WINDOW_BYTES = 4 * 1024 * 1024;
/**
 * The most that one connection may have in flight, whatever its delay. Beyond it the delay limits the rate.
 */
export const MAX_WINDOW_BYTES = 64 * 1024 * 1024;
/** The rate of the line that a delay must not slow down: 1 GiB a second, about what the proxy can carry. */
const LINE_BYTES_PER_MS = 1024 * 1024;

/**
 * Delays bytes by `latency` ± `jitter`, drawn uniformly once per chunk. Chunks keep their order and are in
 * flight together, so that latency grows but not throughput. An ending follows directly after the last byte,
 * as in Toxiproxy; `slow_close` delays it.
 */
export const latency = oneWayToxic({
  type: "latency",
  summary: "delays all data by latency ± jitter",
  engine: "toxiproxy",
  attributes: {
    latency: wholeNumber("ms", "mean delay in ms"),
    jitter: wholeNumber("ms", "greatest deviation from the mean in ms"),
  },
  capacityBytes: ({ latency: meanMs, jitter }) => {
    const windowBytes = (Number(meanMs) + Number(jitter)) * LINE_BYTES_PER_MS;
    return Math.min(MAX_WINDOW_BYTES, Math.max(MIN_WINDOW_BYTES, windowBytes));
  },
  start(host, initial) {
    let { latency: meanMs, jitter: jitterMs } = initial;
    let hasMetLimit = false;
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
        if (hasMetLimit || queue.heldBytes < MAX_WINDOW_BYTES) return;
        hasMetLimit = true;
        host.giveUp(`more than ${MAX_WINDOW_BYTES} bytes would be in flight: the delay limits the rate`);
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
