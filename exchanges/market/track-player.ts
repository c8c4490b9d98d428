import { UsageError } from "../../core/index.ts";
import type { MarketEvent } from "./market-event.ts";
import { type DepthDiff, levelsBetween, OrderBook } from "./order-book.ts";
import {
  decodeDepth,
  decodeTrade,
  encodeDepth,
  lastUpdateIdOf,
  type PassShift,
  shiftFrame,
} from "./tape/frame-codec.ts";
import { type Retime, retimed } from "./tape/retime.ts";
import type { FrameReader, TapeFrame, TapeTrack } from "./tape/tape.ts";

const NO_SHIFT: PassShift = { updateIds: 0, tradeIds: 0, timeMs: 0 };

/**
 * Plays one symbol's frames in order and maintains the book, pass after pass. The first pass sends the
 * recording's own bytes. Before each further pass a seam diff turns the end book into the start book, and ids
 * and times are shifted so that `U == previous u + 1` and consecutive trade ids hold across it.
 */
export class TrackPlayer {
  readonly symbol: string;
  readonly book = new OrderBook();
  /** When the first frame of a pass is due. */
  readonly startMs: number;
  readonly #track: TapeTrack;
  readonly #reader: FrameReader;
  #played = 0;
  #lastAtMs: number;
  #pass = 0;
  #shift = NO_SHIFT;
  #firstTradeId: number | undefined;
  #nextTradeId = 0;
  #lastEventMs = 0;

  constructor(track: TapeTrack) {
    this.symbol = track.symbol;
    this.startMs = track.startMs;
    this.#track = track;
    this.#reader = track.read();
    this.#lastAtMs = track.startMs;
    this.book.load(track.snapshot);
  }

  /** When the next frame is due, in ms of the recording's clock, or why there is none. */
  get next(): number | "end" | "not-loaded" {
    const { next } = this.#reader;
    return typeof next === "string" ? next : next.atMs;
  }

  /** When the latest frame was due. */
  get lastAtMs(): number {
    return this.#lastAtMs;
  }

  /**
   * Plays the next frame with the times that `retime` returns. Returns undefined for a frame that later
   * passes skip.
   *
   * @throws UsageError `bad-tape-frame` when the frame does not match its stream's name.
   */
  play(retime: Retime): MarketEvent | undefined {
    const recorded = this.#reader.next;
    if (typeof recorded === "string") return undefined;
    this.#reader.advance();
    this.#played++;
    this.#lastAtMs = recorded.atMs;
    try {
      const frame = this.#pass === 0 ? recorded : this.#shifted(recorded);
      return frame === undefined ? undefined : this.#emit(retimed(frame, retime));
    } catch (cause) {
      throw new UsageError({
        code: "bad-tape-frame",
        message: `Expected a ${recorded.kind} frame of ${this.symbol} at frame ${this.#played}, got: ${String(cause)}.`,
        nextStep: "Use a recording whose frames are the venue's own JSON.",
        cause,
      });
    }
  }

  /** The frame as a later pass sends it. */
  #shifted(recorded: TapeFrame): TapeFrame | undefined {
    const { lastUpdateId } = this.#track.snapshot;
    // The seam has already passed the updates that the snapshot contains.
    if (recorded.kind !== "trade" && lastUpdateIdOf(recorded) <= lastUpdateId) return undefined;
    return shiftFrame(recorded, this.#shift, lastUpdateId + 1);
  }

  /** Ends a pass of `durationMs` and begins the next. Returns the seam, which is an ordinary diff. */
  rewind(durationMs: number): MarketEvent {
    const { snapshot } = this.#track;
    const bids = levelsBetween(this.book.bids, snapshot.bids);
    const asks = levelsBetween(this.book.asks, snapshot.asks);
    const firstUpdateId = this.book.lastUpdateId + 1;
    const lastUpdateId = this.book.lastUpdateId + Math.max(1, bids.length + asks.length);
    this.#pass++;
    this.#reader.rewind();
    this.#played = 0;
    this.#shift = {
      updateIds: lastUpdateId - snapshot.lastUpdateId,
      tradeIds: this.#nextTradeId - (this.#firstTradeId ?? 0),
      timeMs: Math.round(this.#pass * durationMs),
    };
    const diff: DepthDiff = { firstUpdateId, lastUpdateId, eventMs: this.#lastEventMs + 1, bids, asks };
    const stream = `${this.symbol.toLowerCase()}@depth@100ms`;
    this.book.apply(diff);
    return {
      kind: "depth",
      symbol: this.symbol,
      wire: { stream, ...encodeDepth(this.symbol, stream, diff) },
      diff,
    };
  }

  #emit(frame: TapeFrame): MarketEvent {
    const { kind, stream, envelope, data } = frame;
    const wire = { stream, envelope, data };
    if (kind === "bookTicker") return { kind, symbol: this.symbol, wire };
    if (kind === "trade") {
      const trade = decodeTrade(data);
      this.#firstTradeId ??= trade.tradeId;
      this.#nextTradeId = trade.tradeId + 1;
      return { kind, symbol: this.symbol, wire, trade };
    }
    const diff = decodeDepth(data);
    this.#lastEventMs = diff.eventMs;
    this.book.apply(diff);
    return { kind, symbol: this.symbol, wire, diff };
  }
}
