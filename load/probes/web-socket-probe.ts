import { WebSocket } from "ws";
import { openWebSocket } from "../../network/index.ts";
import { parseJson } from "../workloads/parse-json.ts";
import { ProbeQueue } from "./probe-queue.ts";

/** Intervals, duration and timeout of the probe; all in milliseconds. */
export interface WebSocketProbeOptions {
  /** Between two pings of the same sort. */
  readonly intervalMs: number;
  readonly durationMs: number;
  /** For a connection to open and for a pong to arrive. */
  readonly timeoutMs: number;
  /** Hosts besides this machine that may be probed. */
  readonly allowedHosts: readonly string[];
  /** Between a lost connection and the next attempt; 100 by default. */
  readonly reconnectMs?: number;
  readonly signal?: AbortSignal;
}

/** `application` is the platform's own `{"type":"ping"}`, `protocol` the WebSocket's ping frame. */
type PingSort = "application" | "protocol";

/** What the probe observed. Times are milliseconds since the probe's start. */
export type WebSocketEvent =
  | { readonly kind: "connected"; readonly atMs: number; readonly handshakeMs: number }
  | { readonly kind: "connect-failed"; readonly atMs: number; readonly error: string }
  | {
      readonly kind: "round-trip";
      readonly atMs: number;
      readonly ping: PingSort;
      readonly roundTripMs: number;
    }
  /** No pong within `timeoutMs`, or the connection was lost before it came. */
  | { readonly kind: "ping-lost"; readonly atMs: number; readonly ping: PingSort }
  | { readonly kind: "disconnected"; readonly atMs: number; readonly code: number; readonly reason: string };

/**
 * Keeps a WebSocket open for `durationMs`, sends protocol and application pings at fixed times, and yields
 * events as they happen; after a loss it reconnects. Ends at the latest `timeoutMs` after `durationMs`, or as
 * soon as the signal aborts. Closing it at the end is not an event.
 */
export async function* probeWebSocket(
  url: string,
  options: WebSocketProbeOptions,
): AsyncGenerator<WebSocketEvent, void> {
  const probe = new WebSocketProbe(url, options);
  const { signal } = options;
  const abort = (): void => probe.close();
  if (signal?.aborted === true) abort();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    yield* probe.events;
  } finally {
    signal?.removeEventListener("abort", abort);
    probe.close();
  }
}

interface PendingPing {
  readonly ping: PingSort;
  readonly sentAtMs: number;
  readonly deadline: NodeJS.Timeout;
}

class WebSocketProbe {
  readonly events = new ProbeQueue<WebSocketEvent>();
  readonly #url: string;
  readonly #options: WebSocketProbeOptions;
  readonly #startedAtMs = performance.now();
  readonly #pending = new Map<string, PendingPing>();
  readonly #pinger: NodeJS.Timeout;
  readonly #timeUp: NodeJS.Timeout;
  #reconnect: NodeJS.Timeout | undefined;
  #socket: WebSocket;
  #lastPing = 0;
  #draining = false;
  #closed = false;

  constructor(url: string, options: WebSocketProbeOptions) {
    this.#url = url;
    this.#options = options;
    this.#socket = this.#connect();
    this.#pinger = setInterval(() => this.#ping(), options.intervalMs);
    this.#timeUp = setTimeout(() => this.#drain(), options.durationMs);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#pinger);
    clearTimeout(this.#timeUp);
    clearTimeout(this.#reconnect);
    for (const { deadline } of this.#pending.values()) clearTimeout(deadline);
    this.#socket.terminate();
    this.events.end();
  }

  #nowMs(): number {
    return performance.now() - this.#startedAtMs;
  }

  #connect(): WebSocket {
    const beganAtMs = this.#nowMs();
    const socket = openWebSocket(this.#url, this.#options.allowedHosts, {
      perMessageDeflate: false,
      handshakeTimeout: this.#options.timeoutMs,
    });
    let wasOpen = false;
    let failure = "closed";
    socket.on("open", () => {
      wasOpen = true;
      const atMs = this.#nowMs();
      this.events.push({ kind: "connected", atMs, handshakeMs: atMs - beganAtMs });
      this.#ping();
    });
    socket.on("message", (data) => this.#receive(String(data)));
    socket.on("pong", (data) => this.#pong(`protocol-${String(data)}`));
    socket.on("error", (error) => {
      failure = (error as NodeJS.ErrnoException).code ?? error.message;
    });
    socket.on("close", (code, reason) => this.#lost(wasOpen, code, String(reason), failure));
    return socket;
  }

  #receive(text: string): void {
    const message = parseJson(text);
    if (typeof message !== "object" || message === null) return;
    if ("type" in message && message.type === "pong" && "id" in message)
      this.#pong(`application-${message.id}`);
  }

  #ping(): void {
    if (this.#socket.readyState !== WebSocket.OPEN || this.#draining) return;
    this.#lastPing += 1;
    const id = this.#lastPing;
    this.#await("application", id);
    this.#socket.send(JSON.stringify({ type: "ping", id }));
    this.#await("protocol", id);
    this.#socket.ping(String(id));
  }

  #await(ping: PingSort, id: number): void {
    const key = `${ping}-${id}`;
    const deadline = setTimeout(() => this.#settle(key), this.#options.timeoutMs);
    this.#pending.set(key, { ping, sentAtMs: this.#nowMs(), deadline });
  }

  #pong(key: string): void {
    const pending = this.#pending.get(key);
    if (pending === undefined) return;
    const atMs = this.#nowMs();
    this.events.push({ kind: "round-trip", atMs, ping: pending.ping, roundTripMs: atMs - pending.sentAtMs });
    this.#forget(key, pending);
  }

  /** Counts a ping as lost. */
  #settle(key: string): void {
    const pending = this.#pending.get(key);
    if (pending === undefined) return;
    this.events.push({ kind: "ping-lost", atMs: this.#nowMs(), ping: pending.ping });
    this.#forget(key, pending);
  }

  #forget(key: string, pending: PendingPing): void {
    clearTimeout(pending.deadline);
    this.#pending.delete(key);
    if (this.#draining && this.#pending.size === 0) this.close();
  }

  #lost(wasOpen: boolean, code: number, reason: string, error: string): void {
    if (this.#closed) return;
    const atMs = this.#nowMs();
    if (wasOpen) this.events.push({ kind: "disconnected", atMs, code, reason });
    else this.events.push({ kind: "connect-failed", atMs, error });
    for (const key of [...this.#pending.keys()]) this.#settle(key);
    if (this.#draining) this.close();
    else this.#reconnect = setTimeout(() => this.#again(), this.#options.reconnectMs ?? 100);
  }

  #again(): void {
    this.#socket = this.#connect();
  }

  /** Sends no more pings, and closes when the last pong has come or has timed out. */
  #drain(): void {
    this.#draining = true;
    clearTimeout(this.#reconnect);
    if (this.#pending.size === 0 && this.#socket.readyState !== WebSocket.CONNECTING) this.close();
    if (this.#socket.readyState === WebSocket.CONNECTING) this.#socket.once("open", () => this.close());
  }
}
