import type { Stage, StageHost, ToxicAttributes } from "../stage.ts";

/** One attribute of a toxic, as the control API takes it: a whole number, 0 when it is left out. */
interface AttributeSpec {
  readonly unit: string;
  readonly summary: string;
}

/** One kind of toxic: what it is called, what it takes and what it does to one direction of a connection. */
export interface ToxicType {
  /** Toxiproxy's name for it. */
  readonly type: string;
  readonly summary: string;
  readonly attributes: Readonly<Record<string, AttributeSpec>>;
  /** How much one connection may hold back in this toxic before its source is made to wait. */
  readonly capacityBytes: number;
  /** Starts the toxic on one direction of one connection. */
  start(host: StageHost, attributes: ToxicAttributes): Stage;
}

/** Enough for a toxic that only paces what it gets: about one read from a socket. */
export const PACING_CAPACITY_BYTES = 64 * 1024;
