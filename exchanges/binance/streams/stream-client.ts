import type { WebSocket } from "ws";
import type { Wire } from "../../market/market-event.ts";
import type { Switchboard } from "../../misbehaviors/switchboard.ts";
import { onClientText } from "../../websocket/client-boundary.ts";
import { closeSoon } from "../../websocket/close-soon.ts";
import { MarketSocket } from "../../websocket/market-socket.ts";
import { type ConnectionRules, keepRules } from "../connection-rules.ts";
import { inTimeUnit, type TimeUnit } from "../time-unit.ts";
import { readStreamCommand, type StreamCommand } from "./stream-command.ts";

/** Where a client's subscriptions are registered. */
export interface Subscriptions {
  add(stream: string, client: StreamClient): void;
  remove(stream: string, client: StreamClient): void;
}

const MAX_STREAMS = 1_024;
const MESSAGES_PER_SECOND = 5;
const POLICY_VIOLATION = 1008;

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
    options: { isCombined: boolean; misbehaviors: Switchboard; rules: ConnectionRules; timeUnit: TimeUnit },
  ) {
    this.#socket = new MarketSocket(socket, options.misbehaviors, (text) =>
      inTimeUnit(text, options.timeUnit),
    );
    this.#subscriptions = subscriptions;
    this.#isCombined = options.isCombined;
    keepRules(socket, options.rules);
    onClientText(socket, (text, isBinary) => this.#onMessage(isBinary ? "" : text));
    socket.on("ping", () => this.#countMessage());
    socket.on("pong", () => this.#countMessage());
    socket.once("close", () => {
      for (const stream of [...this.streams]) this.#leave(stream);
    });
  }

  /**
   * Adds streams. Unknown ones are accepted and stay silent, as at the venue; too many close the connection.
   */
  subscribe(streams: readonly string[]): void {
    if (new Set([...this.streams, ...streams]).size > MAX_STREAMS) {
      closeSoon(this.#socket.socket, POLICY_VIOLATION, "Too many streams");
      return;
    }
    for (const stream of streams) {
      this.streams.add(stream);
      this.#subscriptions.add(stream, this);
    }
  }

  /** Sends a frame in the form of this connection. */
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
    if ("code" in command) {
      const { id, ...error } = command;
      this.#answer(id === undefined ? { error } : { error, id });
      return;
    }
    this.#answer({ result: this.#obey(command), id: command.id });
  }

  /** Executes a command and returns its result. */
  #obey(command: StreamCommand): unknown {
    switch (command.method) {
      case "SUBSCRIBE":
        this.subscribe(command.params);
        return null;
      case "UNSUBSCRIBE":
        for (const stream of command.params) this.#leave(stream);
        return null;
      case "SET_PROPERTY":
        this.#isCombined = command.isCombined;
        return null;
      case "LIST_SUBSCRIPTIONS":
        return [...this.streams];
      case "GET_PROPERTY":
        return this.#isCombined;
    }
  }

  #answer(body: unknown): void {
    this.#socket.reply(JSON.stringify(body));
  }

  /** The venue disconnects a client that sends more than five messages a second, pings and pongs included. */
  #countMessage(): boolean {
    const nowMs = performance.now();
    this.#recentMessagesMs = [...this.#recentMessagesMs.filter((atMs) => nowMs - atMs < 1_000), nowMs];
    if (this.#recentMessagesMs.length <= MESSAGES_PER_SECOND) return true;
    closeSoon(this.#socket.socket, POLICY_VIOLATION, "Too many requests");
    return false;
  }
}
