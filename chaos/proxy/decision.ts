import { hashText } from "../../core/index.ts";

/** The direction of bytes, in Toxiproxy's words: `upstream` is from the client to the server. */
export type Stream = "upstream" | "downstream";

/** The subject of a decision. Equal subjects and seeds give equal decisions, in every run. */
export interface DecisionSubject {
  readonly proxy: string;
  readonly toxic: string;
  /** The number of the connection on its proxy, from 1. */
  readonly connection: number;
  readonly stream: Stream;
  /**
   * The number of the chunk (or slice) that the toxic processes on this connection; 0 for the connection
   * itself.
   */
  readonly chunk: number;
}

const HASH_RANGE = 4_294_967_296;

/**
 * Returns a number in [0, 1) that depends only on the seed and the subject: not on time, earlier decisions or
 * other connections. The same seed and the same traffic therefore give the same faults.
 */
export function decide(seed: number, subject: DecisionSubject): number {
  const { proxy, toxic, connection, stream, chunk } = subject;
  return hashText(JSON.stringify([proxy, toxic, connection, stream, chunk]), seed) / HASH_RANGE;
}
