import type { DepthSnapshot } from "../order-book.ts";

/** The kinds of frames that a tape holds. */
export type FrameKind = "depth" | "trade" | "bookTicker";

/** One recorded WebSocket frame, kept as the bytes that came and decoded only when it is played. */
export interface TapeFrame {
  /** When it was received, in ms since the epoch of the recording, with fractions. */
  readonly atMs: number;
  readonly kind: FrameKind;
  /** The stream's name in the combined envelope: `btcusdt@depth@100ms`. */
  readonly stream: string;
  /** The whole combined-stream envelope. */
  readonly envelope: Buffer;
  /** The envelope's `data`, as a raw stream sends it: a view of the same bytes. */
  readonly data: Buffer;
}

/** One symbol's recording. It grows while it is read, until `complete`. */
export interface TapeTrack {
  readonly symbol: string;
  readonly snapshot: DepthSnapshot;
  readonly frames: readonly TapeFrame[];
  readonly complete: boolean;
}

/** A market recording: one track a symbol. */
export interface Tape {
  /** Resolves as soon as every track has its depth snapshot, which is when it can be played. */
  readonly tracks: Promise<readonly TapeTrack[]>;
  /** Resolves when everything is in memory; rejects when the recording cannot be read. */
  readonly complete: Promise<void>;
}
