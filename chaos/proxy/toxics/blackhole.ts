import { isEnding } from "../flow-item.ts";
import { oneWayToxic, PACING_CAPACITY_BYTES } from "./toxic-type.ts";

/**
 * Half-open connection: this direction is dead while the other works. Bytes and FINs are read and dropped,
 * and nothing is closed, as when a route or a NAT entry is lost in one direction.
 */
export const blackhole = oneWayToxic({
  type: "blackhole",
  summary: "drops everything in one direction, and leaves the connection open",
  attributes: {},
  capacityBytes: PACING_CAPACITY_BYTES,
  start: (host) => ({
    heldBytes: 0,
    push(item) {
      // A RST ends both directions, wherever it comes from: its sender is gone.
      if (item === "reset" || item === "close") host.emit(item);
      else host.bite(isEnding(item) ? 0 : item.length);
    },
    update: () => undefined,
    release: () => undefined,
    discard: () => undefined,
  }),
});
