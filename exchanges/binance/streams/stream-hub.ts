import type { WebSocket } from "ws";
import type { Clock } from "../../../core/index.ts";
import type { Market, SymbolMarket } from "../../market/market.ts";
import type { MarketEvent, Wire } from "../../market/market-event.ts";
import { encodeEnvelope } from "../../market/tape/frame-codec.ts";
import { gap } from "../../misbehaviors/gap.ts";
import type { Switchboard } from "../../misbehaviors/switchboard.ts";
import type { RequestTarget } from "../../websocket/request-target.ts";
import type { ConnectionRules } from "../connection-rules.ts";
import type { TimeUnit } from "../time-unit.ts";
import type { DerivedStream } from "./derived-stream.ts";
import { openDerivedStream } from "./kinds/registry.ts";
import { tickerViewOf } from "./kinds/ticker.ts";
import { Listeners } from "./listeners.ts";
import { StreamClient } from "./stream-client.ts";

/** What the streams of an instance are made from. */
export interface StreamHubOptions {
  readonly market: Market;
  readonly clock: Clock;
  readonly misbehaviors: Switchboard;
  readonly rules: ConnectionRules;
}

const ALL_SYMBOLS = /^!(miniTicker|ticker_1h|ticker_4h|ticker_1d)@arr$/;
const SECOND_MS = 1_000;

/** The market data streams of an instance of the stub: their listeners, and the frames that are sent. */
export class StreamHub {
  readonly #options: StreamHubOptions;
  readonly #listeners = new Listeners();
  readonly #derived = new Map<string, DerivedStream>();
  readonly #clients = new Set<StreamClient>();
  /** The tape's latest second, by symbol. */
  readonly #seconds = new Map<string, number>();
  /** The last trade that a stream of all symbols included, by stream and symbol. */
  readonly #lastPublishedTrades = new Map<string, number>();

  constructor(options: StreamHubOptions) {
    this.#options = options;
  }

  /** Accepts a connection to `/ws`, `/ws/<stream>[/<stream>…]` or `/stream?streams=<stream>[/<stream>…]`. */
  connect(socket: WebSocket, { path, query }: RequestTarget, timeUnit: TimeUnit): void {
    const isCombined = /^\/stream\/?$/.test(path);
    // A `+` in a stream's name is literal; URLSearchParams would decode it as a space.
    const streams = /(?:^|&)streams=([^&]*)/.exec(query)?.[1] ?? "";
    const named = decoded(isCombined ? streams : path.replace(/^(\/stream)?\/ws\/?/, ""));
    const { misbehaviors, rules } = this.#options;
    const client = new StreamClient(socket, this, { isCombined, misbehaviors, rules, timeUnit });
    this.#clients.add(client);
    socket.once("close", () => this.#clients.delete(client));
    client.subscribe(named.split("/").filter((stream) => stream !== ""));
  }

  add(stream: string, client: StreamClient): void {
    this.#listeners.add(stream, client);
    if (this.#derived.has(stream)) return;
    const at = stream.indexOf("@");
    const derived = at < 0 ? undefined : openDerivedStream(stream.slice(at + 1));
    if (derived !== undefined) this.#derived.set(stream, derived);
  }

  remove(stream: string, client: StreamClient): void {
    if (this.#listeners.remove(stream, client)) this.#derived.delete(stream);
  }

  /** Sends a payload to the listeners of a stream, serialized once. */
  publish(stream: string, data: unknown): void {
    if (this.#listeners.has(stream)) this.#send({ stream, ...encodeEnvelope(stream, data) });
  }

  /** Announces to every client that the server is about to go down for maintenance. */
  announceShutdown(): void {
    const stream = "!serverShutdown";
    const data = { e: "serverShutdown", E: Math.floor(this.#options.clock.nowMs()) };
    const wire = { stream, ...encodeEnvelope(stream, data) };
    for (const client of this.#clients) client.push(wire);
  }

  /** Sends an event of the market to its listeners. */
  onMarketEvent(event: MarketEvent): void {
    const market = this.#options.market.symbol(event.symbol);
    if (market === undefined) return;
    const newSecond = this.#newSecond(market);
    for (const stream of this.#listeners.streamsOf(event.symbol.toLowerCase())) {
      const derived = this.#derived.get(stream);
      if (derived === undefined) continue;
      for (const data of derived.onEvent({ event, market, newSecond })) {
        const isSwallowed = derived.isDepthDiff === true && this.#options.misbehaviors.bites(gap);
        if (!isSwallowed) this.publish(stream, data);
      }
    }
    if (event.kind !== "depth" || !this.#swallows(event.wire)) this.#send(event.wire);
    if (newSecond !== undefined) this.#publishAllSymbols();
  }

  /** A gap counts only for frames that some client would have received. */
  #swallows({ stream }: Wire): boolean {
    return this.#listeners.has(stream) && this.#options.misbehaviors.bites(gap);
  }

  #send(wire: Wire): void {
    for (const client of this.#listeners.of(wire.stream)) client.push(wire);
  }

  #newSecond({ symbol, history }: SymbolMarket): number | undefined {
    const second = Math.floor(history.nowMs / SECOND_MS);
    const last = this.#seconds.get(symbol);
    if (second === last) return undefined;
    this.#seconds.set(symbol, second);
    return last === undefined ? undefined : second;
  }

  /** The streams of all symbols contain the symbols that have traded since the stream's last frame. */
  #publishAllSymbols(): void {
    for (const group of ["!miniTicker", "!ticker_1h", "!ticker_4h", "!ticker_1d"]) {
      for (const stream of this.#listeners.streamsOf(group)) {
        const view = tickerViewOf(ALL_SYMBOLS.exec(stream)?.[1] ?? "");
        if (view === undefined) continue;
        const changed = this.#options.market.symbols.filter((market) => this.#hasTradedSince(stream, market));
        if (changed.length > 0) this.publish(stream, changed.map(view));
      }
    }
  }

  #hasTradedSince(stream: string, { symbol, history }: SymbolMarket): boolean {
    const key = `${stream} ${symbol}`;
    const lastTradeId = history.log.trades.at(-1)?.tradeId;
    if (lastTradeId === undefined || this.#lastPublishedTrades.get(key) === lastTradeId) return false;
    this.#lastPublishedTrades.set(key, lastTradeId);
    return true;
  }
}

/** Percent-decoded, or unchanged when it cannot be decoded; it then names no stream. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    if (cause instanceof URIError) return text;
    throw cause;
  }
}
