import { Counter, Trend } from "k6/metrics";
import { clearInterval, setInterval, setTimeout } from "k6/timers";
import { WebSocket } from "k6/websockets";

const connects = new Counter("kanit_quote_connects");
const quotes = new Counter("kanit_quotes");
const roundTrips = new Trend("kanit_quote_round_trip", true);

/** Keeps one WebSocket to `/ws/quotes` open, pings it as the clients do, and counts the messages. */
export function watchQuotes(baseUrl: string, durationMs: number, pingIntervalMs: number): void {
  const socket = new WebSocket(`${baseUrl.replace(/^http/, "ws")}/ws/quotes`);
  const sentAtMs = new Map<number, number>();
  let lastPing = 0;
  socket.onopen = () => {
    connects.add(1);
    const pinger = setInterval(() => {
      lastPing += 1;
      sentAtMs.set(lastPing, Date.now());
      socket.send(JSON.stringify({ type: "ping", id: lastPing }));
    }, pingIntervalMs);
    setTimeout(() => {
      clearInterval(pinger);
      socket.close();
    }, durationMs);
  };
  socket.onmessage = (event) => {
    const message = JSON.parse(String(event?.data)) as { readonly type: string; readonly id?: number };
    if (message.type === "quote") quotes.add(1);
    const sent = message.type === "pong" ? sentAtMs.get(message.id ?? 0) : undefined;
    if (sent !== undefined) roundTrips.add(Date.now() - sent);
  };
  // When the connection is refused, `kanit_quote_connects` stays zero, which the summary shows.
  socket.onerror = () => socket.close();
}
