import { UsageError } from "../../../core/index.ts";
import type { DepthSnapshot } from "../order-book.ts";
import { decodeDepth, decodeSnapshot } from "./frame-codec.ts";
import { RecordedTrack } from "./recorded-track.ts";
import { type Snapshots, snapshotOf } from "./snapshot-files.ts";
import type { TapeFrame } from "./tape.ts";
import { badLine, type LinePosition, readTapeLine } from "./tape-line.ts";
import type { TrackReader } from "./track-reader.ts";

/** Reads a recording of one symbol's streams at Binance. */
export class BinanceLines implements TrackReader {
  readonly #given: Snapshots;
  readonly #frames: TapeFrame[] = [];
  #symbol = "";
  #snapshot: DepthSnapshot | undefined;
  /** Whether the snapshot comes from elsewhere, and must still be shown to fit the changes. */
  #isUnproved = false;
  #track: RecordedTrack | undefined;

  constructor(given: Snapshots) {
    this.#given = given;
  }

  get tracks(): readonly RecordedTrack[] | undefined {
    if (this.#snapshot === undefined || this.#isUnproved || this.#frames.length === 0) return undefined;
    this.#track ??= new RecordedTrack(this.#symbol, this.#snapshot, this.#frames);
    return [this.#track];
  }

  add(line: Buffer, position: LinePosition): void {
    const read = readTapeLine(line, position);
    if (read.kind === "frame") {
      if (this.#symbol === "") this.#begin(read.symbol);
      if (read.symbol !== this.#symbol) throw badLine(position, `only frames of ${this.#symbol}`);
      this.#frames.push(read.frame);
      if (this.#isUnproved && read.frame.kind === "depth") this.#proveBy(read.frame, position);
    } else if (this.#snapshot === undefined) {
      try {
        this.#snapshot = decodeSnapshot(read.body);
      } catch (cause) {
        throw badLine(position, "a depth snapshot with lastUpdateId, bids and asks", cause);
      }
    }
  }

  end(position: LinePosition): readonly RecordedTrack[] {
    const { tracks } = this;
    if (tracks !== undefined) return tracks;
    throw badLine(position, "frames and a depth snapshot up to the end");
  }

  #begin(symbol: string): void {
    this.#symbol = symbol;
    const given = this.#snapshot === undefined ? snapshotOf(symbol, this.#given) : undefined;
    if (given === undefined) return;
    this.#snapshot = given;
    this.#isUnproved = true;
  }

  /** The first change that is newer than the snapshot must follow it without a gap. */
  #proveBy(frame: TapeFrame, position: LinePosition): void {
    const known = this.#snapshot?.lastUpdateId ?? 0;
    const { firstUpdateId, lastUpdateId } = decodeDepth(frame.data);
    if (lastUpdateId <= known) return;
    if (firstUpdateId > known + 1) {
      throw new UsageError({
        code: "snapshot-gap",
        message: `Expected the snapshot of ${this.#symbol} to reach update ${firstUpdateId - 1}, where ${position.source} begins, got ${known}.`,
        nextStep: "Name the recording that ends where this one begins: --snapshot.",
      });
    }
    this.#isUnproved = false;
  }
}
