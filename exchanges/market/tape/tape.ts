import type { DepthSnapshot } from "../order-book.ts";

/** The kinds of frames that a tape holds. */
export type FrameKind = "depth" | "trade" | "bookTicker";

/** One WebSocket frame, kept as the bytes that came and decoded only when it is played. */
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

/** Reads the frames of a track one after the other. */
export interface FrameReader {
  /** The frame that is next, or why there is none: the track has ended, or is not in memory yet. */
  readonly next: TapeFrame | "end" | "not-loaded";
  /** Goes on to the frame after it. */
  advance(): void;
  /** Goes back to the first frame. Asked for only at the end, which a synthetic track never reaches. */
  rewind(): void;
}

/** One symbol's market: how its book stands at the start, and the frames that follow. */
export interface TapeTrack {
  readonly symbol: string;
  readonly snapshot: DepthSnapshot;
  /** When the first frame was received. */
  readonly startMs: number;
  /** Reads the frames from the first on. Every reader reads the same. */
  read(): FrameReader;
}

/** A market to be played: one track a symbol. */
export interface Tape<Track extends TapeTrack = TapeTrack> {
  /** Resolves as soon as every track has its depth snapshot, which is when it can be played. */
  readonly tracks: Promise<readonly Track[]>;
  /** Resolves when everything can be read; rejects when the recording cannot. */
  readonly complete: Promise<void>;
}
