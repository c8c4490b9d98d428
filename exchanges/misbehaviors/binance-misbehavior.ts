import type { MatchingEngine } from "../market/matching/matching-engine.ts";
import type { Misbehavior } from "./misbehavior.ts";

/** The result of an endpoint of Binance, if it does not throw a BinanceError. */
export type BinanceResult =
  | { readonly kind: "body"; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }
  /** What stands before the venue answers instead of it. */
  | { readonly kind: "page"; readonly status: number; readonly html: string }
  | { readonly kind: "cut" };

/** An authorized call of an endpoint, over REST or the WebSocket API, as a misbehavior sees it. */
export interface BinanceCall<Options extends object> {
  /** `POST /api/v3/order`, over the WebSocket API too. */
  readonly endpoint: string;
  readonly parameter: (name: string) => string | undefined;
  readonly engine: MatchingEngine;
  /** The venue's wall time, ms since the epoch. */
  readonly nowMs: () => number;
  /** The venue's own result, or that of another misbehavior. Call it at most once. */
  readonly proceed: () => BinanceResult;
  /** The misbehavior's options, whether it takes effect on this call or not. */
  readonly active: Options;
  /** Counts an occasion; returns the options when the misbehavior takes effect. */
  readonly strikes: () => Options | undefined;
}

/** A misbehavior that only changes the result of a call. It is consulted only while it is active. */
export interface BinanceMisbehavior<Options extends object = object> extends Misbehavior<Options> {
  /** Returns the result, or throws the BinanceError that the client gets instead. */
  readonly call: (call: BinanceCall<Options>) => BinanceResult;
}

/** What a call does with the order book. */
export function intentionOf(endpoint: string): "place" | "cancel" | "replace" | undefined {
  return INTENTIONS[endpoint];
}

const INTENTIONS: Readonly<Record<string, "place" | "cancel" | "replace">> = {
  "POST /api/v3/order": "place",
  "POST /api/v3/order/cancelReplace": "replace",
  "DELETE /api/v3/order": "cancel",
  "DELETE /api/v3/openOrders": "cancel",
};

export const EXCHANGE_INFO = "GET /api/v3/exchangeInfo";

/** A symbol's entry in `exchangeInfo`, or its row in a list. */
export type SymbolRow = Readonly<Record<string, unknown>>;

/** Changes the symbols of an `exchangeInfo`; returns other results unchanged. */
export function withSymbols(
  endpoint: string,
  result: BinanceResult,
  change: (symbol: SymbolRow) => readonly SymbolRow[],
): BinanceResult {
  const body = endpoint === EXCHANGE_INFO ? bodyOf(result) : undefined;
  if (body === undefined || !Array.isArray(body.symbols)) return result;
  return {
    ...result,
    kind: "body",
    body: { ...body, symbols: (body.symbols as SymbolRow[]).flatMap(change) },
  };
}

/** A result's body, if it is an object. */
export function bodyOf(result: BinanceResult): Readonly<Record<string, unknown>> | undefined {
  if (result.kind !== "body" || typeof result.body !== "object" || result.body === null) return undefined;
  return result.body as Record<string, unknown>;
}
