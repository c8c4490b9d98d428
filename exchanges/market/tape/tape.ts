import type { DepthSnapshot } from "../order-book.ts";

/** The kinds of frames in a tape. */
export type FrameKind = "depth" | "trade" | "bookTicker";

/** One WebSocket frame, kept as received bytes and decoded only when it is played. */
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

/** Reads the frames of a track in order. */
export interface FrameReader {
  /** The next frame, or why there is none: the track has ended, or is not yet in memory. */
  readonly next: TapeFrame | "end" | "not-loaded";
  /** Moves to the frame after it. */
  advance(): void;
  /** Returns to the first frame. Called only at the end, which a synthetic track never reaches. */
  rewind(): void;
}

/** One symbol's market: its initial book and the frames that follow. */
export interface TapeTrack {
  readonly symbol: string;
  readonly snapshot: DepthSnapshot;
  /** When the first frame was received. */
  readonly startMs: number;
  /** Creates a reader that begins at the first frame; every reader reads the same frames. */
  read(): FrameReader;
}

/** A market to be played: one track per symbol. */
export interface Tape<Track extends TapeTrack = TapeTrack> {
  /** Resolves as soon as every track has its depth snapshot and can be played. */
  readonly tracks: Promise<readonly Track[]>;
  /** Resolves when the whole recording was read; rejects when it cannot be read. */
  readonly complete: Promise<void>;
}
