import type { Clock } from "../../../core/index.ts";
import type { Market, SymbolMarket } from "../../market/market.ts";
import type { MatchingEngine } from "../../market/matching/matching-engine.ts";
import type { Switchboard } from "../../misbehaviours/switchboard.ts";
import { binanceError } from "../binance-error.ts";
import { BINANCE_SYMBOLS, type BinanceSymbol } from "../binance-symbols.ts";
import type { BinanceCredentials } from "./authentication.ts";
import type { Parameters } from "./parameters.ts";
import type { RateLimits } from "./rate-limits.ts";

/** What the REST endpoints of one life of the stub work with. */
export interface BinanceDesk {
  readonly market: Market;
  readonly engine: MatchingEngine;
  readonly misbehaviours: Switchboard;
  readonly limits: RateLimits;
  readonly credentials: BinanceCredentials;
  readonly clock: Clock;
  readonly freshClientOrderId: () => string;
}

/** An endpoint's result: the JSON body and headers beside the usual, or a connection cut on purpose. */
export type EndpointResult =
  | { readonly kind: "body"; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: "cut" };

/** One REST endpoint: what it costs, whom it serves and what it answers. */
export interface Endpoint {
  readonly access: "public" | "signed";
  /** Request weight (reference: Binance Spot API docs). */
  readonly weight: (parameters: Parameters) => number;
  /** Whether success gives the weight back: since 2026-04-02 for placing and cancelling. */
  readonly refundsWeight?: true;
  readonly answer: (desk: BinanceDesk, parameters: Parameters) => EndpointResult;
}

/** A plain answer. */
export function body(value: unknown): EndpointResult {
  return { kind: "body", body: value };
}

/** The market of a symbol. Throws -1121 when it is not on the tape. */
export function marketOf(desk: BinanceDesk, symbol: BinanceSymbol): SymbolMarket {
  const market = desk.market.symbol(symbol.symbol);
  if (market === undefined) throw binanceError.invalidSymbol();
  return market;
}

/** The symbols that can be traded: those that the stub knows and the tape has. */
export function listedSymbols(market: Market): BinanceSymbol[] {
  return market.symbols.flatMap(({ symbol }) => BINANCE_SYMBOLS.get(symbol) ?? []);
}
