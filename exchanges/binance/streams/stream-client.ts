import type { WebSocket } from "ws";
import type { Wire } from "../../market/market-event.ts";
import type { Switchboard } from "../../misbehaviours/switchboard.ts";
import { MarketSocket } from "../../websocket/market-socket.ts";
import { readStreamCommand, type StreamCommand } from "./stream-command.ts";

/** Where a client's subscriptions are kept. */
export interface Subscriptions {
  add(stream: string, client: StreamClient): void;
  remove(stream: string, client: StreamClient): void;
}

const MAX_STREAMS = 1_024;
const MESSAGES_PER_SECOND = 5;

/** One connection to the stream server: raw (`/ws`) or combined (`/stream`). */
export class StreamClient {
  readonly streams = new Set<string>();
  readonly #socket: MarketSocket;
  readonly #subscriptions: Subscriptions;
  #isCombined: boolean;
  #recentMessagesMs: number[] = [];

  constructor(
    socket: WebSocket,
    subscriptions: Subscriptions,
    options: { isCombined: boolean; misbehaviours: Switchboard },
  ) {
    this.#socket = new MarketSocket(socket, options.misbehaviours);
    this.#subscriptions = subscriptions;
    this.#isCombined = options.isCombined;
    socket.on("message", (data, isBinary) => this.#onMessage(isBinary ? "" : data.toString()));
    socket.on("ping", () => this.#countMessage());
    socket.on("pong", () => this.#countMessage());
    socket.once("close", () => this.subscribe([], "none"));
  }

  /** Adds streams, or with `none` leaves all. Unknown streams are accepted and stay silent, as at the venue. */
  subscribe(streams: readonly string[], keep: "all" | "none" = "all"): void {
    if (keep === "none") for (const stream of [...this.streams]) this.#leave(stream);
    for (const stream of streams) {
      this.streams.add(stream);
      this.#subscriptions.add(stream, this);
    }
  }

  /** Sends a frame in this client's form. */
  push(wire: Wire): void {
    this.#socket.push(this.#isCombined ? wire.envelope : wire.data);
  }

  #leave(stream: string): void {
    this.streams.delete(stream);
    this.#subscriptions.remove(stream, this);
  }

  #onMessage(text: string): void {
    if (!this.#countMessage()) return;
    const command = readStreamCommand(text);
    if ("code" in command) this.#answer({ error: command });
    else this.#obey(command);
  }

  #obey(command: StreamCommand): void {
    const id = command.id ?? null;
    switch (command.method) {
      case "SUBSCRIBE":
        if (this.streams.size + command.params.length > MAX_STREAMS) {
          this.#socket.socket.close(1008, "Too many streams");
          return;
        }
        this.subscribe(command.params);
        break;
      case "UNSUBSCRIBE":
        for (const stream of command.params) this.#leave(stream);
        break;
      case "SET_PROPERTY":
        this.#isCombined = command.params[1];
        break;
      case "LIST_SUBSCRIPTIONS":
        this.#answer({ result: [...this.streams], id });
        return;
      case "GET_PROPERTY":
        this.#answer({ result: this.#isCombined, id });
        return;
    }
    this.#answer({ result: null, id });
  }

  #answer(body: unknown): void {
    this.#socket.reply(JSON.stringify(body));
  }

  /** Five messages a second, pings and pongs among them; then the venue disconnects. */
  #countMessage(): boolean {
    const nowMs = performance.now();
    this.#recentMessagesMs = [...this.#recentMessagesMs.filter((atMs) => nowMs - atMs < 1_000), nowMs];
    if (this.#recentMessagesMs.length <= MESSAGES_PER_SECOND) return true;
    this.#socket.socket.close(1008, "Too many requests");
    return false;
  }
}
