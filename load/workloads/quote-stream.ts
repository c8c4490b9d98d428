import { WebSocket } from "ws";
import type { Interest, QuoteMessages, StreamQuote } from "../../api/index.ts";
import { openWebSocket } from "../../network/index.ts";
import { LatencyHistogram } from "../latency-histogram.ts";
import type { QuoteStreamReport } from "../load-result.ts";

/** The clients' subscription to a platform's quotes: reconnects and pings. */
export interface QuoteStream {
  report(): QuoteStreamReport;
  close(): void;
}

export interface QuoteStreamOptions {
  readonly url: string;
  readonly allowedHosts: readonly string[];
  readonly pingIntervalMs: number;
  readonly messages: QuoteMessages;
  readonly interest: Interest;
  readonly onQuote: (quote: StreamQuote) => void;
}

const FIRST_RECONNECT_MS = 50;
const MAX_RECONNECT_MS = 1_000;

/** Connects immediately, and again after every loss: after 50 ms, doubling up to one second. */
export function openQuoteStream(options: QuoteStreamOptions): QuoteStream {
  return new Subscription(options);
}

class Subscription implements QuoteStream {
  readonly #options: QuoteStreamOptions;
  readonly #roundTrips = new LatencyHistogram();
  readonly #pingsSentAtMs = new Map<number, number>();
  readonly #counts = {
    connects: 0,
    disconnects: 0,
    quotes: 0,
    pings: 0,
    pongs: 0,
    unreadable: 0,
    longestSilenceMs: 0,
  };
  readonly #pinger: NodeJS.Timeout;
  #closed = false;
  #reconnectMs = FIRST_RECONNECT_MS;
  #reconnectTimer: NodeJS.Timeout | undefined;
  #lastReceivedAtMs = 0;
  #lastPing = 0;
  // Mapping takes turns of the event loop: one message after the other, in the order in which they came.
  #reading: Promise<unknown> = Promise.resolve();
  #socket: WebSocket;

  constructor(options: QuoteStreamOptions) {
    this.#options = options;
    this.#socket = this.#connect();
    this.#pinger = setInterval(() => void this.#ping(), options.pingIntervalMs);
  }

  report(): QuoteStreamReport {
    return { ...this.#counts, roundTripMs: this.#roundTrips.summary() };
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#pinger);
    clearTimeout(this.#reconnectTimer);
    this.#socket.terminate();
  }

  async #ping(): Promise<void> {
    this.#lastPing += 1;
    const id = this.#lastPing;
    const text = await this.#options.messages.ping(id);
    if (text === null || this.#socket.readyState !== WebSocket.OPEN) return;
    this.#counts.pings += 1;
    this.#pingsSentAtMs.set(id, performance.now());
    this.#socket.send(text);
  }

  #connect(): WebSocket {
    const { url, allowedHosts } = this.#options;
    const opened = openWebSocket(url, allowedHosts, { perMessageDeflate: false, handshakeTimeout: 5_000 });
    let wasOpen = false;
    opened.on("open", () => {
      wasOpen = true;
      this.#counts.connects += 1;
      this.#reconnectMs = FIRST_RECONNECT_MS;
      this.#lastReceivedAtMs = performance.now();
      void this.#subscribe(opened);
    });
    opened.on("message", (data) => this.#receive(String(data)));
    // An error is always followed by close, which counts it and reconnects.
    opened.on("error", () => opened.terminate());
    opened.on("close", () => this.#lost(wasOpen));
    return opened;
  }

  async #subscribe(socket: WebSocket): Promise<void> {
    const { messages, interest } = this.#options;
    for (const text of await messages.subscription(interest)) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    }
  }

  #lost(wasOpen: boolean): void {
    this.#pingsSentAtMs.clear();
    if (this.#closed) return;
    if (wasOpen) this.#counts.disconnects += 1;
    this.#reconnectTimer = setTimeout(() => {
      this.#socket = this.#connect();
    }, this.#reconnectMs);
    this.#reconnectMs = Math.min(MAX_RECONNECT_MS, this.#reconnectMs * 2);
  }

  #receive(text: string): void {
    const receivedAtMs = performance.now();
    const silenceMs = receivedAtMs - this.#lastReceivedAtMs;
    this.#counts.longestSilenceMs = Math.max(this.#counts.longestSilenceMs, silenceMs);
    this.#lastReceivedAtMs = receivedAtMs;
    this.#reading = this.#reading.then(() => this.#read(text, receivedAtMs));
  }

  async #read(text: string, receivedAtMs: number): Promise<void> {
    const message = await this.#options.messages.read(text);
    if (message.kind === "quotes") {
      this.#counts.quotes += message.quotes.length;
      for (const quote of message.quotes) this.#options.onQuote(quote);
    } else if (message.kind === "pong") {
      const sentAtMs = this.#pingsSentAtMs.get(message.id);
      if (sentAtMs === undefined) return;
      this.#pingsSentAtMs.delete(message.id);
      this.#counts.pongs += 1;
      this.#roundTrips.record(receivedAtMs - sentAtMs);
    } else {
      this.#counts.unreadable += 1;
    }
  }
}
