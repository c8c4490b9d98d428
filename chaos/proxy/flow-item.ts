/**
 * How one direction of a connection ends:
 * - `end`: a FIN, carried through as a half-close: the other direction goes on;
 * - `close`: both directions end in good order, with a FIN to both sides;
 * - `reset`: both sides get a RST.
 */
export type Ending = "end" | "close" | "reset";

/** What travels in one direction of a connection, in order: bytes, and one ending after them. */
export type FlowItem = Buffer | Ending;

/** Whether the item ends its direction. */
export function isEnding(item: FlowItem): item is Ending {
  return typeof item === "string";
}

/** Takes the items of one direction, in order. */
export interface Sink {
  push(item: FlowItem): void;
}
