import type { WebSocket } from "ws";
import { type Clock, seededRandom } from "../../core/index.ts";
import type { HttpReply, HttpRequest } from "../http/http-server.ts";
import type { Market } from "../market/market.ts";
import type { MarketEvent } from "../market/market-event.ts";
import type { MatchingEngine } from "../market/matching/matching-engine.ts";
import { skewedClock } from "../misbehaviors/clock-skew.ts";
import { dayCut } from "../misbehaviors/day-cut.ts";
import { listenKeyExpired } from "../misbehaviors/listen-key-expired.ts";
import type { Misbehavior } from "../misbehaviors/misbehavior.ts";
import { orderEndedByVenue } from "../misbehaviors/order-ended-by-venue.ts";
import { serverShutdown } from "../misbehaviors/server-shutdown.ts";
import { Switchboard } from "../misbehaviors/switchboard.ts";
import type { TradingVenue } from "../venue.ts";
import { closeSoon } from "../websocket/close-soon.ts";
import { type RequestTarget, splitTarget } from "../websocket/request-target.ts";
import { clientOrderIds, createBinanceEngine } from "./binance-account.ts";
import { BinanceError } from "./binance-error.ts";
import { BINANCE_HEARTBEAT, type ConnectionRules } from "./connection-rules.ts";
import type { BinanceCredentials } from "./rest/authentication.ts";
import type { BinanceContext } from "./rest/context.ts";
import { type RateLimitMode, RateLimits } from "./rest/rate-limits.ts";
import { answerBinance } from "./rest/rest-api.ts";
import { StreamHub } from "./streams/stream-hub.ts";
import { SymbolBoard } from "./symbol-board.ts";
import { type TimeUnit, timeUnitOf } from "./time-unit.ts";
import { type ListenKeyMode, ListenKeys } from "./user-data/listen-keys.ts";
import { UserDataHub } from "./user-data/user-data-hub.ts";
import { ApiConnection } from "./ws-api/api-connection.ts";

/** What an instance of the Binance stub is made from. */
export interface BinanceVenueOptions {
  readonly market: Market;
  readonly seed: number;
  readonly clock: Clock;
  readonly credentials: BinanceCredentials;
  readonly rateLimits: RateLimitMode;
  readonly listenKeys: ListenKeyMode;
  /** After this time every WebSocket connection is closed: a day at the real venue. */
  readonly connectionLifeMs: number;
}

const NEEDS_NO_MARKET = new Set(["/api/v3/ping", "/api/v3/time"]);
const API_PATH = /^\/ws-api\/v3\/?$/;
const STREAM_PATH = /^\/(ws|stream)(\/|$)/;
const CONNECT_WEIGHT = 2;
const GOING_AWAY = 1001;
const SERVICE_RESTART = 1012;
const POLICY_VIOLATION = 1008;

/** One instance of the Binance stub; a reset replaces it by another. */
export class BinanceVenue implements TradingVenue {
  readonly engine: MatchingEngine;
  readonly misbehaviors: Switchboard;
  /** The symbols and their rules, which may be changed during trading. */
  readonly symbols = new SymbolBoard();
  readonly #context: BinanceContext;
  readonly #streams: StreamHub;
  readonly #userData: UserDataHub;
  readonly #rules: ConnectionRules;
  readonly #sockets = new Set<WebSocket>();
  readonly #apiConnections = new Set<ApiConnection>();

  constructor(options: BinanceVenueOptions) {
    const { market, seed, clock, credentials } = options;
    const misbehaviors = new Switchboard({ venue: "binance", seed, clock });
    const { symbols } = this;
    this.misbehaviors = misbehaviors;
    const random = seededRandom(seed).fork("binance ids of the account");
    this.#rules = { heartbeat: BINANCE_HEARTBEAT, lifeMs: options.connectionLifeMs };
    this.engine = createBinanceEngine(seed, clock);
    this.#streams = new StreamHub({ market, clock, misbehaviors, rules: this.#rules });
    this.#userData = new UserDataHub(
      this.engine.ledger,
      { clock, misbehaviors },
      1_000_000_000 + random.below(1_000_000_000),
    );
    let transferId = 100_000_000_000 + random.below(1_000_000_000);
    const listenKeys = new ListenKeys(options.listenKeys, clock, random, (key) => this.#serveListenKey(key));
    const limits = new RateLimits(clock, options.rateLimits);
    this.#context = {
      ...{ market, symbols, engine: this.engine, misbehaviors, limits, credentials, listenKeys },
      clock: skewedClock(clock, misbehaviors),
      freshClientOrderId: clientOrderIds(seed),
      freshTransferId: () => transferId++,
    };
    this.#listenToAccount();
    misbehaviors.onSwitchedOn((misbehavior) => this.#misbehaveAtOnce(misbehavior));
    market.onOpen(() => this.#open(market));
    market.subscribe((event) => this.#onMarketEvent(event));
  }

  /** Answers a REST request; requests that need the market wait until its books are loaded. */
  async answer(request: HttpRequest): Promise<HttpReply> {
    if (!NEEDS_NO_MARKET.has(request.path)) await this.#context.market.ready;
    return answerBinance(this.#context, request);
  }

  /** Accepts a WebSocket connection, to the WebSocket API or to the streams. */
  connect(socket: WebSocket, url: string): void {
    if (!this.#context.limits.mayConnect()) {
      closeSoon(socket, POLICY_VIOLATION, "Too many connection attempts");
      return;
    }
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    const target = splitTarget(url);
    if (API_PATH.test(target.path)) this.#connectToApi(socket, new URLSearchParams(target.query));
    else if (STREAM_PATH.test(target.path)) this.#connectToStreams(socket, target);
    else closeSoon(socket, POLICY_VIOLATION, "Unknown path");
  }

  /** Announces maintenance to every WebSocket client, and closes the connections a while later. */
  announceShutdown(closeAfterMs: number): void {
    this.#streams.announceShutdown();
    for (const connection of this.#apiConnections) connection.announceShutdown();
    const sockets = [...this.#sockets];
    const closing = setTimeout(() => {
      for (const socket of sockets) closeSoon(socket, SERVICE_RESTART, "Server shutdown");
    }, closeAfterMs);
    closing.unref();
  }

  /** What misbehaviors do at the moment they are enabled, not at a request or a frame. */
  #misbehaveAtOnce(misbehavior: Misbehavior): void {
    if (misbehavior === serverShutdown) {
      const shutdown = this.misbehaviors.strikes(serverShutdown);
      if (shutdown !== undefined) this.announceShutdown(shutdown.closeAfterMs);
    }
    if (misbehavior === listenKeyExpired && this.#context.listenKeys.active !== undefined) {
      if (this.misbehaviors.bites(listenKeyExpired)) this.#context.listenKeys.endEarly();
    }
    if (misbehavior === orderEndedByVenue) this.#endOrders();
    if (misbehavior !== dayCut) return;
    for (const socket of this.#sockets) {
      if (this.misbehaviors.bites(dayCut)) closeSoon(socket, GOING_AWAY, "Connection lifetime exceeded");
    }
  }

  #endOrders(): void {
    for (const order of this.engine.openOrders) {
      const struck = this.misbehaviors.strikes(orderEndedByVenue);
      if (struck?.how === "canceled") this.engine.cancel(order);
      if (struck?.how === "expired") this.engine.expire(order);
    }
  }

  #connectToStreams(socket: WebSocket, target: RequestTarget): void {
    const timeUnit = socketTimeUnit(socket, new URLSearchParams(target.query));
    if (timeUnit !== undefined) this.#streams.connect(socket, target, timeUnit);
  }

  #connectToApi(socket: WebSocket, query: URLSearchParams): void {
    const timeUnit = socketTimeUnit(socket, query);
    if (timeUnit === undefined) return;
    this.#context.limits.countWeight(CONNECT_WEIGHT);
    const connection = new ApiConnection(socket, {
      context: this.#context,
      userData: this.#userData,
      rules: this.#rules,
      returnsRateLimits: query.get("returnRateLimits") !== "false",
      timeUnit,
    });
    this.#apiConnections.add(connection);
    socket.once("close", () => this.#apiConnections.delete(connection));
  }

  #listenToAccount(): void {
    const { limits } = this.#context;
    this.engine.listen({
      onExecution: (order, execution) => {
        const isFirstFill = execution.kind === "traded" && order.trades.length === 1;
        if (isFirstFill) limits.noteFirstFill(execution.trade.isMaker);
      },
      onBalances: () => undefined,
      onTransfer: () => undefined,
    });
    this.engine.listen(this.#userData);
  }

  /** Sends the account's events on the stream of a listen key, until the key expires or is closed. */
  #serveListenKey(listenKey: string): () => void {
    const stop = this.#userData.subscribe((event) => this.#streams.publish(listenKey, event));
    return () => {
      stop();
      const E = Math.floor(this.#context.clock.nowMs());
      this.#streams.publish(listenKey, { e: "listenKeyExpired", E, listenKey });
    };
  }

  #onMarketEvent(event: MarketEvent): void {
    this.engine.onMarketEvent(event);
    this.#streams.onMarketEvent(event);
    this.#context.listenKeys.expire();
  }

  #open(market: Market): void {
    this.symbols.open(market);
    for (const symbol of this.symbols.all) {
      const book = market.symbol(symbol.symbol)?.book;
      if (book !== undefined) this.engine.list({ ...symbol, step: symbol.stepSize, book });
    }
  }
}

/** The unit of a connection's times. Closes a socket that asks for an unknown one. */
function socketTimeUnit(socket: WebSocket, query: URLSearchParams): TimeUnit | undefined {
  try {
    return timeUnitOf(query.get("timeUnit"));
  } catch (cause) {
    if (!(cause instanceof BinanceError)) throw cause;
    closeSoon(socket, POLICY_VIOLATION, cause.message);
    return undefined;
  }
}
