import type { Clock } from "../../../core/index.ts";
import type { HttpReply } from "../../http/http-server.ts";
import { json } from "../../http/http-server.ts";
import type { DayStatistics } from "../../market/day-statistics.ts";
import type { Market, SymbolMarket } from "../../market/market.ts";
import type { MatchingEngine } from "../../market/matching/matching-engine.ts";
import type { Order } from "../../market/matching/order.ts";
import type { Level } from "../../market/order-book.ts";
import type { LateFills } from "../../misbehaviors/late-fill.ts";
import type { Switchboard } from "../../misbehaviors/switchboard.ts";
import type { Zombies } from "../../misbehaviors/zombie-order.ts";
import { btcturkError } from "../btcturk-error.ts";
import { BTCTURK_PAIRS, type BtcturkPair, btcturkPair } from "../btcturk-pairs.ts";
import type { BtcturkAuthentication } from "./authentication.ts";
import type { BtcturkRateLimits } from "./rate-limits.ts";

/** What the REST endpoints of an instance of the stub work with. */
export interface BtcturkContext {
  readonly market: Market;
  readonly engine: MatchingEngine;
  readonly statistics: DayStatistics;
  readonly misbehaviors: Switchboard;
  readonly authentication: BtcturkAuthentication;
  readonly clock: Clock;
  readonly limits: BtcturkRateLimits;
  readonly freshClientOrderId: () => string;
  /** Wall time at which the account was opened, ms since the epoch. */
  readonly openedAtMs: number;
  /** A pair's book as the venue publishes it: the best hundred levels per side. */
  readonly visibleBook: (market: SymbolMarket) => VisibleBook;
  /** Announces a cancellation to the account before it is booked. */
  readonly announceCancel: (order: Order) => void;
  readonly lateFills: LateFills;
  readonly zombies: Zombies;
}

/** Both sides of a book, best first. */
export interface VisibleBook {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** A request's parameters, from query, body and path. */
export interface BtcturkParameters {
  readonly query: URLSearchParams;
  /** The parsed JSON body; empty when there was none. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The value in the place of `{id}` in the path. */
  readonly pathId: string;
}

/** One REST endpoint. */
export interface BtcturkEndpoint {
  readonly access: "public" | "private";
  readonly answer: (context: BtcturkContext, parameters: BtcturkParameters) => HttpReply;
}

/** A success in the venue's envelope. Public answers have the message `null`, private ones `SUCCESS`. */
export function success(data: unknown, message: string | null = "SUCCESS"): HttpReply {
  return json(200, { data, success: true, message, code: 0 });
}

/** The market of the pair that a request must name. Throws 1037 when it is missing or unknown. */
export function pairMarketOf(
  context: BtcturkContext,
  name: unknown,
): { readonly pair: BtcturkPair; readonly market: SymbolMarket } {
  if (typeof name !== "string" || name === "") throw btcturkError.invalidRequest();
  const pair = btcturkPair(name);
  const market = pair === undefined ? undefined : context.market.symbol(pair.symbol);
  if (pair === undefined || market === undefined) throw btcturkError.unknownPair(name);
  return { pair, market };
}

/** The traded pairs: those that both the stub and the tape have. */
export function listedPairs(market: Market): BtcturkPair[] {
  return BTCTURK_PAIRS.filter(({ symbol }) => market.symbol(symbol) !== undefined);
}

/** A whole number parameter, or the default when it is missing or not a number. */
export function wholeOf(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name) ?? "";
  return /^\d{1,16}$/.test(text) ? Number(text) : otherwise;
}
