import { WebSocket } from "ws";
import type { ResyncReason } from "../metrics.ts";
import { reconnectDelayMs } from "./backoff-delay.ts";

interface SocketEvents {
  /** A new connection is open. */
  onOpen(send: (text: string) => void): void;
  onMessage(text: string): void;
  /** The connection is closed; the next attempt follows. */
  onClose(reason: ResyncReason): void;
}

export interface SocketOptions {
  readonly url: string;
  /** A connection without market data for this long is replaced, even when it answers pings. */
  readonly silentAfterMs: number;
  readonly events: SocketEvents;
  /** Whether a message is market data; only market data proves that the feed works. */
  readonly isData: (text: string) => boolean;
}

/** How long a connection may take to open, in ms. */
const HANDSHAKE_MS = 3_000;

/** A WebSocket that reconnects whenever it closes or stops sending data, until it is stopped. */
export class ReconnectingSocket {
  readonly #options: SocketOptions;
  #socket: WebSocket | undefined;
  #failures = 0;
  #stopped = false;
  #retryTimer: NodeJS.Timeout | undefined;
  #silenceTimer: NodeJS.Timeout | undefined;

  constructor(options: SocketOptions) {
    this.#options = options;
    this.#connect();
  }

  /** Closes the connection for a reason that the caller gives, and opens another. */
  restart(reason: ResyncReason): void {
    this.#drop(reason);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#silenceTimer);
    this.#socket?.removeAllListeners();
    // `ws` emits one more error when a socket is terminated before it has opened.
    this.#socket?.on("error", () => undefined);
    this.#socket?.terminate();
  }

  #connect(): void {
    if (this.#stopped) return;
    const { url, events, isData } = this.#options;
    const socket = new WebSocket(url, { handshakeTimeout: HANDSHAKE_MS, perMessageDeflate: false });
    this.#socket = socket;
    socket.on("open", () => {
      this.#watchSilence();
      events.onOpen((text) => socket.send(text));
    });
    socket.on("message", (data) => {
      if (socket !== this.#socket) return;
      const text = data.toString();
      if (isData(text)) {
        this.#failures = 0;
        this.#watchSilence();
      }
      events.onMessage(text);
    });
    // The close event follows and starts the reconnection, so the error needs no handling.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (socket === this.#socket) this.#drop("disconnected");
    });
  }

  #watchSilence(): void {
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = setTimeout(() => this.#drop("silent"), this.#options.silentAfterMs);
  }

  #drop(reason: ResyncReason): void {
    const socket = this.#socket;
    if (this.#stopped || socket === undefined) return;
    this.#socket = undefined;
    clearTimeout(this.#silenceTimer);
    socket.terminate();
    this.#options.events.onClose(reason);
    this.#retryTimer = setTimeout(() => this.#connect(), reconnectDelayMs(this.#failures, Math.random()));
    this.#failures += 1;
  }
}
