import { z } from "zod";
import { UsageError } from "../../../core/index.ts";
import type { DepthDiff, DepthSnapshot, Level } from "../order-book.ts";
import { formatUnits, parseUnits, type Units } from "../units.ts";
import type { TapeFrame } from "./tape.ts";

/** A public trade of the tape. */
export interface TapeTrade {
  readonly tradeId: number;
  readonly price: Units;
  readonly quantity: Units;
  /** True when the buyer's order was resting, so that the seller was the aggressor. */
  readonly buyerIsMaker: boolean;
  /** The tape's time, in ms since the epoch. */
  readonly tradeMs: number;
}

/** The offset of ids and times between the recording and a later pass. */
export interface PassShift {
  readonly updateIds: number;
  readonly tradeIds: number;
  readonly timeMs: number;
}

/** An unreadable frame is quoted up to this length. */
const MAX_QUOTED_BYTES = 200;
const levelSchema = z.tuple([z.string(), z.string()]);
const snapshotSchema = z.object({
  lastUpdateId: z.int().positive(),
  bids: z.array(levelSchema),
  asks: z.array(levelSchema),
});

/** Reads a REST depth snapshot. Throws ZodError, SyntaxError or RangeError for anything else. */
export function decodeSnapshot(body: Buffer): DepthSnapshot {
  const { lastUpdateId, bids, asks } = snapshotSchema.parse(JSON.parse(body.toString()));
  return { lastUpdateId, bids: bids.map(toLevel), asks: asks.map(toLevel) };
}

interface DepthData {
  readonly e: "depthUpdate";
  readonly E: number;
  readonly s: string;
  readonly U: number;
  readonly u: number;
  readonly b: readonly (readonly [string, string])[];
  readonly a: readonly (readonly [string, string])[];
}

/**
 * Reads the `data` of a depth frame. Only numbers are checked, since texts are parsed: a tape plays hundreds of
 * frames a second.
 *
 * @throws UsageError `bad-tape-frame`
 */
export function decodeDepth(data: Buffer): DepthDiff {
  return decoded(data, ({ U, u, E, b, a }: DepthData) => ({
    firstUpdateId: numberIn(U),
    lastUpdateId: numberIn(u),
    eventMs: numberIn(E),
    bids: b.map(toLevel),
    asks: a.map(toLevel),
  }));
}

/** Reads the `data` of a trade frame. @throws UsageError `bad-tape-frame` */
export function decodeTrade(data: Buffer): TapeTrade {
  return decoded(data, ({ t, p, q, m, T }: { t: number; p: string; q: string; m: boolean; T: number }) => ({
    tradeId: numberIn(t),
    price: parseUnits(p),
    quantity: parseUnits(q),
    buyerIsMaker: m === true,
    tradeMs: numberIn(T),
  }));
}

function numberIn(value: unknown): number {
  if (typeof value !== "number") throw new TypeError(`Expected a number, got ${typeof value}.`);
  return value;
}

function decoded<Data, Meaning>(data: Buffer, meaningOf: (data: Data) => Meaning): Meaning {
  try {
    return meaningOf(JSON.parse(data.toString()) as Data);
  } catch (cause) {
    throw new UsageError({
      code: "bad-tape-frame",
      message: `Expected the data of a venue's frame in the recording, got ${data.toString("utf8", 0, MAX_QUOTED_BYTES)}.`,
      nextStep: "Record the market again, or use `--tape synthetic`.",
      cause,
    });
  }
}

/** The update id `u` that a depth or bookTicker frame ends with. @throws UsageError `bad-tape-frame` */
export function lastUpdateIdOf(frame: TapeFrame): number {
  return decoded(frame.data, ({ u }: { u: number }) => numberIn(u));
}

/**
 * The frame as a later pass sends it. `floorUpdateId` raises `U`, where the recording overlaps its snapshot.
 *
 * @throws UsageError `bad-tape-frame`
 */
export function shiftFrame(frame: TapeFrame, shift: PassShift, floorUpdateId: number): TapeFrame {
  const data = decoded(frame.data, (fields: Record<string, unknown>) => {
    if (frame.kind === "depth") fields.U = Math.max(numberIn(fields.U), floorUpdateId);
    return fields;
  });
  const moved = (key: string, by: number): void => {
    const value = data[key];
    if (typeof value === "number") data[key] = value + by;
  };
  moved("U", shift.updateIds);
  moved("u", shift.updateIds);
  moved("t", shift.tradeIds);
  moved("E", shift.timeMs);
  moved("T", shift.timeMs);
  return { ...frame, ...encodeEnvelope(frame.stream, data) };
}

/** Writes a depth diff as the venue's stream does. */
export function encodeDepth(
  symbol: string,
  stream: string,
  diff: DepthDiff,
): { envelope: Buffer; data: Buffer } {
  return encodeEnvelope(stream, {
    e: "depthUpdate",
    E: diff.eventMs,
    s: symbol,
    U: diff.firstUpdateId,
    u: diff.lastUpdateId,
    b: diff.bids.map(fromLevel),
    a: diff.asks.map(fromLevel),
  });
}

/** Wraps `data` in a combined-stream envelope; the raw form is a view of the same bytes. */
export function encodeEnvelope(stream: string, data: unknown): { envelope: Buffer; data: Buffer } {
  const start = `{"stream":"${stream}","data":`;
  const envelope = Buffer.from(`${start}${JSON.stringify(data)}}`);
  return { envelope, data: envelope.subarray(Buffer.byteLength(start), envelope.length - 1) };
}

/** A level in the venue's notation. */
export function fromLevel([price, quantity]: Level): [string, string] {
  return [formatUnits(price), formatUnits(quantity)];
}

function toLevel([price, quantity]: readonly [string, string]): Level {
  return [parseUnits(price), parseUnits(quantity)];
}
