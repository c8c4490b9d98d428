import type { Candle } from "../../market/history/candle.ts";
import type { TapeTrade } from "../../market/tape/frame-codec.ts";
import { formatTrimmed } from "../../market/units.ts";

/** The models of the feed. */
export const MODEL = {
  ack: 100,
  request: 101,
  login: 114,
  subscribe: 151,
  balance: 201,
  tickerAll: 401,
  tickerPair: 402,
  tradeList: 421,
  trade: 422,
  userTrade: 423,
  candle: 428,
  book: 431,
  bookChange: 432,
  orderMatch: 441,
  orderInsert: 451,
  orderDelete: 452,
  orderUpdate: 453,
  welcome: 991,
} as const;

/** A frame as the feed writes it: `[type, model]`. */
export function frame(type: number, model: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.from(JSON.stringify([type, model]));
}

/** The first frame on every connection. */
export function welcomeFrame(): Buffer {
  return frame(MODEL.welcome, { type: MODEL.welcome, current: "6.0.0", min: "2.3.0" });
}

/** The answer to a join or leave. */
export function ackFrame(ok: boolean, join: boolean, channel: string, event: string): Buffer {
  const message = `${join ? "join" : "leave"}|${channel}:${event}`;
  return frame(MODEL.ack, { type: MODEL.ack, ok, message });
}

/** The answer to a login. */
export function loginFrame(ok: boolean, message: string): Buffer {
  return frame(MODEL.login, { type: MODEL.login, ok, message });
}

/**
 * A book frame without its change set number, which each subscription counts separately: the rest is
 * serialized once for all subscribers.
 */
export class BookFrame {
  readonly #type: number;
  readonly #rest: string;

  constructor(type: number, model: { PS: string; AO: unknown; BO: unknown; channel: string; event: string }) {
    this.#type = type;
    this.#rest = JSON.stringify({ ...model, type }).slice(1);
  }

  /** The frame for a subscription, with its change set number. */
  numbered(changeSet: number): Buffer {
    return Buffer.from(`[${this.#type},{"CS":${changeSet},${this.#rest}]`);
  }
}

/** One trade's fields: `S` is 0 when the buyer was the aggressor, 1 when the seller was. */
export function tradeFields(trade: TapeTrade): Record<string, unknown> {
  return {
    D: String(trade.tradeMs),
    I: String(trade.tradeId),
    A: formatTrimmed(trade.quantity),
    P: formatTrimmed(trade.price),
    S: trade.buyerIsMaker ? 1 : 0,
  };
}

/** One candle's fields. `D` is its start, in seconds since the epoch; `R` its length in minutes. */
export function candleFields(candle: Candle, resolution: string): Record<string, unknown> {
  const minutes = Number(resolution);
  return {
    C: formatTrimmed(candle.close),
    H: formatTrimmed(candle.high),
    L: formatTrimmed(candle.low),
    O: formatTrimmed(candle.open),
    V: formatTrimmed(candle.volume),
    D: candle.openMs / 1_000,
    R: Number.isInteger(minutes) ? minutes : resolution,
  };
}
