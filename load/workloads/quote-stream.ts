import { WebSocket } from "ws";
import { z } from "zod";
import { openWebSocket } from "../../network/index.ts";
import { LatencyHistogram } from "../latency-histogram.ts";
import type { QuoteStreamReport } from "../load-result.ts";
import { parseJson } from "./parse-json.ts";

/** The best prices of a symbol, as exact decimal strings. */
export interface Quote {
  readonly bid: string;
  readonly ask: string;
}

/** The clients' subscription to `/ws/quotes`: reconnects, pings, and keeps the last quotes. */
export interface QuoteStream {
  /** The last quote, from the stream or from another source. */
  quote(venue: string, symbol: string): Quote | undefined;
  remember(venue: string, symbol: string, quote: Quote): void;
  report(): QuoteStreamReport;
  close(): void;
}

const decimalText = z.string().regex(/^\d+(\.\d+)?$/);

/** A pair of prices as the platform sends it; when a side is null, there is no quote. */
export const quoteSchema = z.object({ bid: decimalText, ask: decimalText });

const messageSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("quote"),
    venue: z.string(),
    symbol: z.string(),
    bid: decimalText,
    ask: decimalText,
  }),
  z.object({ type: z.literal("pong"), id: z.number() }),
]);

const FIRST_RECONNECT_MS = 50;
const MAX_RECONNECT_MS = 1_000;

/** Connects immediately, and again after every loss: after 50 ms, doubling up to one second. */
export function openQuoteStream(
  url: string,
  allowedHosts: readonly string[],
  pingIntervalMs: number,
): QuoteStream {
  const quotes = new Map<string, Quote>();
  const roundTrips = new LatencyHistogram();
  const pingsSentAtMs = new Map<number, number>();
  const counts = {
    connects: 0,
    disconnects: 0,
    quotes: 0,
    pings: 0,
    pongs: 0,
    unreadable: 0,
    longestSilenceMs: 0,
  };
  let closed = false;
  let reconnectMs = FIRST_RECONNECT_MS;
  let reconnectTimer: NodeJS.Timeout | undefined;
  let lastReceivedAtMs = 0;
  let socket = connect();

  const pinger = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN) return;
    counts.pings += 1;
    pingsSentAtMs.set(counts.pings, performance.now());
    socket.send(JSON.stringify({ type: "ping", id: counts.pings }));
  }, pingIntervalMs);

  function connect(): WebSocket {
    const opened = openWebSocket(url, allowedHosts, { perMessageDeflate: false, handshakeTimeout: 5_000 });
    let wasOpen = false;
    opened.on("open", () => {
      wasOpen = true;
      counts.connects += 1;
      reconnectMs = FIRST_RECONNECT_MS;
      lastReceivedAtMs = performance.now();
    });
    opened.on("message", (data) => receive(String(data)));
    // An error is always followed by close, which counts it and reconnects.
    opened.on("error", () => opened.terminate());
    opened.on("close", () => {
      pingsSentAtMs.clear();
      if (closed) return;
      if (wasOpen) counts.disconnects += 1;
      reconnectTimer = setTimeout(() => {
        socket = connect();
      }, reconnectMs);
      reconnectMs = Math.min(MAX_RECONNECT_MS, reconnectMs * 2);
    });
    return opened;
  }

  function receive(text: string): void {
    const receivedAtMs = performance.now();
    counts.longestSilenceMs = Math.max(counts.longestSilenceMs, receivedAtMs - lastReceivedAtMs);
    lastReceivedAtMs = receivedAtMs;
    const message = messageSchema.safeParse(parseJson(text)).data;
    if (message?.type === "quote") {
      counts.quotes += 1;
      quotes.set(`${message.venue}/${message.symbol}`, { bid: message.bid, ask: message.ask });
    } else if (message?.type === "pong") {
      const sentAtMs = pingsSentAtMs.get(message.id);
      if (sentAtMs === undefined) return;
      pingsSentAtMs.delete(message.id);
      counts.pongs += 1;
      roundTrips.record(receivedAtMs - sentAtMs);
    } else {
      counts.unreadable += 1;
    }
  }

  return {
    quote: (venue, symbol) => quotes.get(`${venue}/${symbol}`),
    remember: (venue, symbol, quote) => quotes.set(`${venue}/${symbol}`, quote),
    report: () => ({ ...counts, roundTripMs: roundTrips.summary() }),
    close: () => {
      closed = true;
      clearInterval(pinger);
      clearTimeout(reconnectTimer);
      socket.terminate();
    },
  };
}
