import { isEnding } from "../flow-item.ts";
import { wholeNumber } from "./attribute-spec.ts";
import { oneWayToxic, PACING_CAPACITY_BYTES } from "./toxic-type.ts";

/**
 * Closes the connection once `bytes` have passed in this direction, counted from when the toxic joined the
 * connection; further bytes are dropped. Changing the limit does not restart the count.
 */
export const limitData = oneWayToxic({
  type: "limit_data",
  summary: "closes the connection after a number of bytes",
  engine: "toxiproxy",
  attributes: {
    bytes: wholeNumber("bytes", "bytes that pass before the close"),
  },
  capacityBytes: PACING_CAPACITY_BYTES,
  start(host, initial) {
    let { bytes: limitBytes } = initial;
    let passedBytes = 0;
    let closed = false;
    const closeBeyond = (droppedBytes: number) => {
      closed = true;
      host.bite(droppedBytes);
      host.emit("close");
    };
    return {
      heldBytes: 0,
      push(item) {
        if (closed) return;
        if (isEnding(item)) return host.emit(item);
        const leftBytes = Math.max(0, limitBytes - passedBytes);
        const passing = item.length <= leftBytes ? item : item.subarray(0, leftBytes);
        passedBytes += passing.length;
        if (passing.length > 0) host.emit(passing);
        if (passedBytes >= limitBytes) closeBeyond(item.length - passing.length);
      },
      update(attributes) {
        ({ bytes: limitBytes } = attributes);
      },
      // Nothing is ever held: each chunk passes or is dropped when it arrives.
      release: () => undefined,
      discard: () => undefined,
    };
  },
});
