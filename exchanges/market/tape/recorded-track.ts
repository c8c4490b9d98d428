import type { DepthSnapshot } from "../order-book.ts";
import type { FrameReader, TapeFrame, TapeTrack } from "./tape.ts";

/** One symbol's recording in memory. It grows while it is read from its file, until it is complete. */
export class RecordedTrack implements TapeTrack {
  readonly symbol: string;
  readonly snapshot: DepthSnapshot;
  readonly frames: readonly TapeFrame[];
  readonly startMs: number;
  isComplete = false;

  constructor(symbol: string, snapshot: DepthSnapshot, frames: readonly TapeFrame[]) {
    this.symbol = symbol;
    this.snapshot = snapshot;
    this.frames = frames;
    this.startMs = frames[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  read(): FrameReader {
    return new RecordedReader(this);
  }
}

class RecordedReader implements FrameReader {
  readonly #track: RecordedTrack;
  #cursor = 0;

  constructor(track: RecordedTrack) {
    this.#track = track;
  }

  get next(): TapeFrame | "end" | "not-loaded" {
    const { frames, isComplete } = this.#track;
    return frames[this.#cursor] ?? (isComplete ? "end" : "not-loaded");
  }

  advance(): void {
    this.#cursor++;
  }

  rewind(): void {
    this.#cursor = 0;
  }
}
