import type { Clock } from "../../../core/index.ts";
import type { Market, SymbolMarket } from "../../market/market.ts";
import type { MatchingEngine } from "../../market/matching/matching-engine.ts";
import type { Switchboard } from "../../misbehaviors/switchboard.ts";
import { binanceError } from "../binance-error.ts";
import type { BinanceSymbol } from "../binance-symbols.ts";
import type { SymbolBoard } from "../symbol-board.ts";
import type { ListenKeys } from "../user-data/listen-keys.ts";
import type { BinanceCredentials } from "./authentication.ts";
import type { Parameters } from "./parameters.ts";
import type { RateLimits } from "./rate-limits.ts";

/** What the endpoints of an instance of the stub work with. */
export interface BinanceContext {
  readonly market: Market;
  readonly symbols: SymbolBoard;
  readonly engine: MatchingEngine;
  readonly misbehaviors: Switchboard;
  readonly limits: RateLimits;
  readonly credentials: BinanceCredentials;
  readonly clock: Clock;
  readonly listenKeys: ListenKeys;
  readonly freshClientOrderId: () => string;
  readonly freshTransferId: () => number;
}

/**
 * An endpoint's result: the JSON body with additional headers, a page of what stands before the venue, or a connection
 * that is closed on purpose.
 */
export type EndpointResult =
  | { readonly kind: "body"; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: "page"; readonly status: number; readonly html: string }
  | { readonly kind: "cut" };

/** One endpoint, shared by REST and the WebSocket API: its weight, its authorization and its answer. */
export interface Endpoint {
  /** `keyed` needs only the API key, `signed` also a signature. */
  readonly access: "public" | "keyed" | "signed";
  /** Request weight (reference: Binance Spot API docs). */
  readonly weight: (parameters: Parameters) => number;
  /** Whether a successful request gets its weight back: since 2026-04-02 for placing and canceling. */
  readonly refundsWeight?: true;
  readonly answer: (context: BinanceContext, parameters: Parameters) => EndpointResult;
}

const SYMBOL_RANGE = "^[A-Z0-9-_.]{1,20}$";
const SYMBOLS_RANGE = '^\\["[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}\\]$';
/** The length of lists where an endpoint states nothing else. */
const LIST_LIMIT = { default: 500, max: 1_000 } as const;

/** An answer without additional headers. */
export function body(value: unknown): EndpointResult {
  return { kind: "body", body: value };
}

/** The symbol that a request names. Throws -1102, -1100 or -1121. */
export function symbolOf(context: BinanceContext, parameters: Parameters): BinanceSymbol {
  parameters.mandatory("symbol");
  return listed(context, parameters.matching("symbol", SYMBOL_RANGE) ?? "");
}

/**
 * The symbols that a request names with `symbol` or `symbols`; undefined when it names none. Throws -1100,
 * -1121, -1128 or -1151.
 */
export function namedSymbols(context: BinanceContext, parameters: Parameters): BinanceSymbol[] | undefined {
  const several = parameters.matching("symbols", SYMBOLS_RANGE);
  if (parameters.optional("symbol") !== undefined) {
    if (several !== undefined) throw binanceError.badCombination();
    return [symbolOf(context, parameters)];
  }
  if (several === undefined) return undefined;
  const names = JSON.parse(several) as string[];
  if (new Set(names).size < names.length) throw binanceError.duplicateSymbols();
  return names.map((name) => listed(context, name));
}

const STATUSES = ["TRADING", "HALT", "BREAK"];

/**
 * The symbols of the status that a request asks for; all of them when it does not. Throws -1122 for a status that
 * there is not, -1220 for a single symbol of another.
 */
export function ofWantedStatus(
  parameters: Parameters,
  symbols: readonly BinanceSymbol[],
): readonly BinanceSymbol[] {
  const wanted = parameters.optional("symbolStatus");
  if (wanted === undefined) return symbols;
  if (!STATUSES.includes(wanted)) throw binanceError.invalidSymbolStatus();
  const found = symbols.filter(({ status }) => status === wanted);
  if (parameters.optional("symbol") !== undefined && found.length === 0)
    throw binanceError.otherSymbolStatus();
  return found;
}

/**
 * How many symbols a request names; undefined when it names none. Used for weights, before names are checked.
 */
export function symbolCountOf(parameters: Parameters): number | undefined {
  if (parameters.optional("symbol") !== undefined) return 1;
  return parameters.optional("symbols")?.split(",").length;
}

/** The market of a listed symbol. Throws -1121 when the tape does not have it. */
export function marketOf(context: BinanceContext, symbol: BinanceSymbol): SymbolMarket {
  const market = context.market.symbol(symbol.symbol);
  if (market === undefined) throw binanceError.invalidSymbol();
  return market;
}

/** The requested length of a list, at most the venue's maximum. Throws -1100. */
export function limitOf(
  parameters: Parameters,
  limit: { default: number; max: number } = LIST_LIMIT,
): number {
  const wanted = parameters.whole("limit") ?? limit.default;
  return Math.min(Math.max(1, wanted), limit.max);
}

function listed(context: BinanceContext, name: string): BinanceSymbol {
  const symbol = context.symbols.find(name);
  if (symbol === undefined) throw binanceError.invalidSymbol();
  return symbol;
}
