/**
 * How one direction of a connection ends:
 *
 * - `end`: a FIN, passed on as a half-close: the other direction continues;
 * - `close`: both directions end normally, with a FIN to both sides;
 * - `reset`: both sides get a RST.
 */
export type Ending = "end" | "close" | "reset";

/** The items of one direction of a connection, in order: bytes, and one ending after them. */
export type FlowItem = Buffer | Ending;

/** Whether the item ends its direction. */
export function isEnding(item: FlowItem): item is Ending {
  return typeof item === "string";
}

/** Receives the items of one direction, in order. */
export interface Sink {
  push(item: FlowItem): void;
}
