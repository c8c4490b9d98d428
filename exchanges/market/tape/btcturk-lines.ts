import { z } from "zod";
import { type DepthSnapshot, type Level, levelsBetween, OrderBook } from "../order-book.ts";
import { formatUnits, parseUnits } from "../units.ts";
import { encodeDepth, encodeEnvelope, fromLevel } from "./frame-codec.ts";
import { RecordedTrack } from "./recorded-track.ts";
import type { FrameKind, TapeFrame } from "./tape.ts";
import { badLine, type LinePosition } from "./tape-line.ts";
import type { TrackReader } from "./track-reader.ts";

const row = z.object({ P: z.string(), A: z.string() });
const changedRow = row.extend({ CP: z.union([z.literal(0), z.literal(1), z.literal(3)]) });
const bookFrame = z.tuple([
  z.literal(431),
  z.object({ PS: z.string(), channel: z.literal("obdiff"), AO: z.array(row), BO: z.array(row) }),
]);
const changeFrame = z.tuple([
  z.literal(432),
  z.object({ PS: z.string(), AO: z.array(changedRow), BO: z.array(changedRow) }),
]);
const tradeFrame = z.tuple([
  z.literal(422),
  z.object({
    PS: z.string(),
    I: z.string(),
    P: z.string(),
    A: z.string(),
    S: z.union([z.int(), z.string()]),
  }),
]);

const DELETED = 3;
/** The venue sends one change of a book in so many ms: the pace of recordings without times. */
const FRAME_PACE_MS = 764;
const TIMELESS_START_MS = 1_735_689_600_000;
const LINE = /^(?:(\d{16,20}) )?(\[.*\])$/s;

/** Whether a line is a frame of BTCTurk's feed, with or without the time when it was received. */
export function isBtcturkLine(line: Buffer): boolean {
  return /^(?:\d{16,20} )?\[/.test(line.toString("latin1", 0, 24));
}

/**
 * Reads a recording of BTCTurk's public feed into the frames of which all tapes consist: books and their changes
 * (431, 432 of `obdiff`) and trades (422). Both venues then show this market.
 */
export class BtcturkLines implements TrackReader {
  readonly #books = new Map<string, PairBook>();
  /** The symbols cannot be known before the last line. */
  readonly tracks: undefined;
  #count = 0;

  add(line: Buffer, position: LinePosition): void {
    const [, receivedNs, json] = LINE.exec(line.toString()) ?? [];
    if (json === undefined) throw badLine(position, "a frame of BTCTurk's feed");
    const atMs =
      receivedNs === undefined ? TIMELESS_START_MS + this.#count * FRAME_PACE_MS : Number(receivedNs) / 1e6;
    this.#count++;
    try {
      this.#read(JSON.parse(json), atMs);
    } catch (cause) {
      throw badLine(position, "a frame of BTCTurk's feed", cause);
    }
  }

  end(position: LinePosition): readonly RecordedTrack[] {
    const tracks = [...this.#books.values()].flatMap(({ track }) => track ?? []);
    if (tracks.length > 0) return tracks;
    throw badLine(position, "a book of obdiff (431) with changes after it (432) up to the end");
  }

  #read(frame: unknown, atMs: number): void {
    const type = Array.isArray(frame) ? frame[0] : null;
    if (type === 431 && isObdiff(frame)) {
      const [, { PS, BO, AO }] = bookFrame.parse(frame);
      this.#bookOf(PS).restart(BO.map(levelOf), AO.map(levelOf), atMs);
    } else if (type === 432) {
      const [, { PS, BO, AO }] = changeFrame.parse(frame);
      this.#bookOf(PS).change(BO.map(changedLevelOf), AO.map(changedLevelOf), atMs);
    } else if (type === 422) {
      const [, { PS, I, P, A, S }] = tradeFrame.parse(frame);
      this.#bookOf(PS).trade({ id: I, price: P, quantity: A, buyerIsMaker: Number(S) === 1 }, atMs);
    }
  }

  #bookOf(symbol: string): PairBook {
    const book = this.#books.get(symbol) ?? new PairBook(symbol);
    this.#books.set(symbol, book);
    return book;
  }
}

/** One pair's frames, written as Binance's streams have them. */
class PairBook {
  readonly #symbol: string;
  readonly #frames: TapeFrame[] = [];
  readonly #book = new OrderBook();
  #snapshot: DepthSnapshot | undefined;
  #touch = "";
  #tradeId = 0;

  constructor(symbol: string) {
    this.#symbol = symbol;
  }

  /** The track; undefined for a pair whose book was not recorded, or never changed. */
  get track(): RecordedTrack | undefined {
    const isPlayable = this.#snapshot !== undefined && this.#frames.some(({ kind }) => kind === "depth");
    return isPlayable && this.#snapshot !== undefined
      ? new RecordedTrack(this.#symbol, this.#snapshot, this.#frames)
      : undefined;
  }

  /** A whole book: the first, or that of a later join. */
  restart(bids: readonly Level[], asks: readonly Level[], atMs: number): void {
    if (this.#snapshot === undefined) {
      this.#snapshot = { lastUpdateId: 1, bids, asks };
      this.#book.load(this.#snapshot);
    } else {
      this.change(levelsBetween(this.#book.bids, bids), levelsBetween(this.#book.asks, asks), atMs);
    }
  }

  change(bids: readonly Level[], asks: readonly Level[], atMs: number): void {
    // Changes before the first book cannot be applied to anything.
    if (this.#snapshot === undefined || bids.length + asks.length === 0) return;
    const firstUpdateId = this.#book.lastUpdateId + 1;
    const lastUpdateId = this.#book.lastUpdateId + bids.length + asks.length;
    const diff = { firstUpdateId, lastUpdateId, eventMs: Math.floor(atMs), bids, asks };
    this.#book.apply(diff);
    const stream = `${this.#symbol.toLowerCase()}@depth@100ms`;
    this.#frames.push({ atMs, kind: "depth", stream, ...encodeDepth(this.#symbol, stream, diff) });
    this.#writeTouch(atMs);
  }

  /** The venue's ids are texts without an order; the tape's are counted. */
  trade(
    { price, quantity, buyerIsMaker }: { id: string; price: string; quantity: string; buyerIsMaker: boolean },
    atMs: number,
  ): void {
    const [E, T] = [Math.floor(atMs), Math.floor(atMs)];
    const [p, q] = [formatUnits(parseUnits(price)), formatUnits(parseUnits(quantity))];
    this.#tradeId++;
    this.#write(atMs, "trade", {
      e: "trade",
      E,
      s: this.#symbol,
      t: this.#tradeId,
      p,
      q,
      T,
      m: buyerIsMaker,
      M: true,
    });
  }

  #writeTouch(atMs: number): void {
    const [bid] = this.#book.top("bids", 1).map(fromLevel);
    const [ask] = this.#book.top("asks", 1).map(fromLevel);
    const touch = JSON.stringify([bid, ask]);
    if (touch === this.#touch || bid === undefined || ask === undefined) return;
    this.#touch = touch;
    const [[b, B], [a, A]] = [bid, ask];
    this.#write(atMs, "bookTicker", { u: this.#book.lastUpdateId, s: this.#symbol, b, B, a, A });
  }

  #write(atMs: number, kind: FrameKind, data: unknown): void {
    const stream = `${this.#symbol.toLowerCase()}@${kind}`;
    this.#frames.push({ atMs, kind, stream, ...encodeEnvelope(stream, data) });
  }
}

/** The channel `orderbook` sends whole books too, which `obdiff` already has. */
function isObdiff(frame: unknown): boolean {
  return Array.isArray(frame) && frame[1]?.channel === "obdiff";
}

function levelOf({ P, A }: { P: string; A: string }): Level {
  return [parseUnits(P), parseUnits(A)];
}

function changedLevelOf({ P, A, CP }: { P: string; A: string; CP: number }): Level {
  return [parseUnits(P), CP === DELETED ? 0n : parseUnits(A)];
}
