import { isEnding } from "../flow-item.ts";
import { HoldQueue } from "../hold-queue.ts";
import { wholeNumber } from "./attribute-spec.ts";
import { oneWayToxic, PACING_CAPACITY_BYTES } from "./toxic-type.ts";

const US_PER_MS = 1_000;

/**
 * Cuts chunks into slices of `average_size` ± `size_variation` bytes, drawn uniformly, each sent
 * separately and `delay` after the one before. An average of 0 cuts nothing (it is Toxiproxy's default,
 * with which its stack overflows).
 */
export const slicer = oneWayToxic({
  type: "slicer",
  summary: "cuts data into small slices, with a delay between them",
  engine: "toxiproxy",
  attributes: {
    average_size: wholeNumber("bytes", "mean size of a slice in bytes"),
    size_variation: wholeNumber("bytes", "greatest deviation in bytes"),
    delay: wholeNumber("µs", "µs between two slices"),
  },
  capacityBytes: PACING_CAPACITY_BYTES,
  start(host, initial) {
    let { average_size: averageBytes, size_variation: variationBytes, delay: delayUs } = initial;
    let sliceCount = 0;
    const sliceBytes = (): number => {
      sliceCount += 1;
      const deviation = variationBytes === 0 ? 0 : (2 * host.roll(sliceCount) - 1) * variationBytes;
      return Math.max(1, Math.round(averageBytes + deviation));
    };
    let lastSlicedChunk = 0;
    const queue = new HoldQueue({
      clock: host.clock,
      loop: host.loop,
      emit: (item) => host.emit(item),
      dueAtMs: (held, previousMs) =>
        Math.max(held.arrivedAtMs, isEnding(held.item) ? previousMs : previousMs + delayUs / US_PER_MS),
      pieceBytes: (left, chunk) => {
        if (averageBytes === 0) return left.length;
        const bytes = sliceBytes();
        if (chunk !== lastSlicedChunk && bytes < left.length) host.bite(left.length);
        lastSlicedChunk = chunk;
        return bytes;
      },
    });
    return {
      get heldBytes() {
        return queue.heldBytes;
      },
      push: (item) => queue.add(item),
      update(attributes) {
        ({ average_size: averageBytes, size_variation: variationBytes, delay: delayUs } = attributes);
        queue.reschedule();
      },
      release: () => queue.release(),
      discard: () => queue.discard(),
    };
  },
});
