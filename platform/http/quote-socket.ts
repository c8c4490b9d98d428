import type { FastifyInstance } from "fastify";
import { type RawData, WebSocket } from "ws";
import { z } from "zod";
import type { Quote } from "../feeds/feed.ts";
import { FEEDS } from "../venues/venue.ts";
import type { HttpContext } from "./context.ts";

const ping = z.object({ type: z.literal("ping"), id: z.union([z.number(), z.string()]) });

const HEARTBEAT_MS = 15_000;
/** A client with this much unsent data is disconnected; after reconnecting it gets current quotes. */
const MAX_BUFFERED_BYTES = 1_000_000;
const POLICY_VIOLATION = 1008;

/**
 * The quote sockets: push changed best prices, answer pings, and disconnect clients that are gone or too
 * slow.
 */
export class QuoteSockets {
  readonly #context: HttpContext;
  readonly #alive = new Map<WebSocket, boolean>();
  readonly #heartbeat: NodeJS.Timeout;
  #unsubscribe: () => void = () => undefined;

  constructor(context: HttpContext) {
    this.#context = context;
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  addTo(server: FastifyInstance): void {
    server.get("/ws/quotes", { websocket: true }, (socket) => this.#welcome(socket));
  }

  /** Listens to the current instance; called again after each reset. */
  follow(): void {
    this.#unsubscribe();
    this.#unsubscribe = this.#context.instance().quotes.subscribe((quote) => this.#push(quote));
    this.#context.metrics.wsClients.set(this.#alive.size);
  }

  stop(): void {
    clearInterval(this.#heartbeat);
    this.#unsubscribe();
    for (const socket of this.#alive.keys()) socket.terminate();
  }

  #welcome(socket: WebSocket): void {
    const { metrics } = this.#context;
    this.#alive.set(socket, true);
    metrics.wsClients.set(this.#alive.size);
    socket.on("pong", () => this.#alive.set(socket, true));
    socket.on("message", (data) => this.#onMessage(socket, data));
    // The close event follows and removes the client.
    socket.on("error", (error) => this.#context.log.debug({ error: error.message }, "a quote socket failed"));
    socket.on("close", () => {
      this.#alive.delete(socket);
      metrics.wsClients.set(this.#alive.size);
      metrics.wsDisconnects.inc();
    });
    for (const quote of this.#present()) socket.send(messageOf(quote));
  }

  #onMessage(socket: WebSocket, data: RawData): void {
    this.#alive.set(socket, true);
    const message = ping.safeParse(jsonOf(data));
    if (message.success) socket.send(JSON.stringify({ type: "pong", id: message.data.id }));
    else socket.send(JSON.stringify({ type: "error", message: 'Expected {"type":"ping","id":…}.' }));
  }

  #push(quote: Quote): void {
    const text = messageOf(quote);
    for (const socket of this.#alive.keys()) {
      if (socket.readyState !== WebSocket.OPEN) continue;
      if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.close(POLICY_VIOLATION, "too slow");
      else socket.send(text);
    }
  }

  #beat(): void {
    for (const [socket, alive] of this.#alive) {
      if (!alive) {
        socket.terminate();
        continue;
      }
      this.#alive.set(socket, false);
      if (socket.readyState === WebSocket.OPEN) socket.ping();
    }
  }

  #present(): Quote[] {
    const { feeds } = this.#context.instance();
    const { config } = this.#context;
    const quotes = FEEDS.flatMap((name) => config[name].symbols.map((symbol) => feeds[name].quote(symbol)));
    return quotes.filter((quote) => quote !== undefined);
  }
}

const messageOf = (quote: Quote): string => JSON.stringify({ type: "quote", ...quote });

function jsonOf(data: RawData): unknown {
  try {
    return JSON.parse(data.toString());
  } catch {
    return undefined;
  }
}
