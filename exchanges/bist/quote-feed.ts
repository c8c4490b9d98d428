import type { WebSocket } from "ws";
import { z } from "zod";
import type { Clock } from "../../core/index.ts";
import { Switchboard } from "../misbehaviours/switchboard.ts";
import type { Venue } from "../venue.ts";
import { type HeartbeatRule, keepHeartbeat } from "../websocket/heartbeat.ts";
import { MarketSocket } from "../websocket/market-socket.ts";
import { BIST_SYMBOLS, QuoteWalk } from "./quote-walk.ts";

const QUOTE_INTERVAL_MS = 250;
const HEARTBEAT: HeartbeatRule = { pingIntervalMs: 15_000, pongTimeoutMs: 45_000 };

const subscribeSchema = z.object({
  type: z.enum(["subscribe", "unsubscribe"]),
  /** Left out: every symbol. */
  symbols: z.array(z.string()).optional(),
});

interface Client {
  readonly socket: MarketSocket;
  readonly symbols: Set<string>;
}

/**
 * One life of the BIST quote feed. A client is told the session's phase, sends
 * `{"type":"subscribe","symbols":["THYAO"]}` and gets the symbols' quotes four times a second.
 */
export class BistFeed implements Venue {
  readonly misbehaviours = new Switchboard();
  readonly #clock: Clock;
  readonly #walks: ReadonlyMap<string, QuoteWalk>;
  readonly #clients = new Set<Client>();
  readonly #timer: NodeJS.Timeout;

  constructor(seed: number, clock: Clock) {
    this.#clock = clock;
    this.#walks = new Map(
      BIST_SYMBOLS.map(({ symbol, price }) => [symbol, new QuoteWalk(symbol, price, seed)]),
    );
    this.#timer = setInterval(() => this.#tell(), QUOTE_INTERVAL_MS);
    this.#timer.unref();
  }

  connect(socket: WebSocket): void {
    const client: Client = { socket: new MarketSocket(socket, this.misbehaviours), symbols: new Set() };
    this.#clients.add(client);
    socket.on("message", (data) => this.#onMessage(client, data.toString()));
    socket.once("close", () => this.#clients.delete(client));
    keepHeartbeat(socket, HEARTBEAT, () => socket.terminate());
    client.socket.reply(JSON.stringify({ type: "session", phase: "continuous" }));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #onMessage({ socket, symbols }: Client, text: string): void {
    const read = subscribeSchema.safeParse(jsonOf(text));
    if (!read.success) {
      socket.reply(JSON.stringify({ type: "error", message: "Expected {type, symbols}." }));
      return;
    }
    for (const symbol of read.data.symbols ?? this.#walks.keys()) {
      if (read.data.type === "subscribe") symbols.add(symbol);
      else symbols.delete(symbol);
    }
    socket.reply(JSON.stringify({ type: "subscribed", symbols: [...symbols] }));
  }

  #tell(): void {
    for (const [symbol, walk] of this.#walks) {
      const quote = Buffer.from(JSON.stringify(walk.next(this.#clock.nowMs())));
      for (const client of this.#clients) if (client.symbols.has(symbol)) client.socket.push(quote);
    }
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
