import type { WebSocket } from "ws";
import type { MarketEvent, Wire } from "../../market/market-event.ts";
import { gap } from "../../misbehaviours/gap.ts";
import type { Switchboard } from "../../misbehaviours/switchboard.ts";
import { type HeartbeatRule, keepHeartbeat } from "../../websocket/heartbeat.ts";
import { DepthSecond } from "./depth-second.ts";
import { StreamClient } from "./stream-client.ts";

/** The venue pings every 20 s and drops a client that has not answered for 60 s. */
export const BINANCE_HEARTBEAT: HeartbeatRule = { pingIntervalMs: 20_000, pongTimeoutMs: 60_000 };

/** The market data streams of one life of the stub: who listens to what, and the frames that go out. */
export class StreamHub {
  readonly #misbehaviours: Switchboard;
  readonly #heartbeat: HeartbeatRule;
  readonly #listeners = new Map<string, Set<StreamClient>>();
  readonly #depthSeconds = new Map<string, DepthSecond>();

  constructor(misbehaviours: Switchboard, heartbeat: HeartbeatRule) {
    this.#misbehaviours = misbehaviours;
    this.#heartbeat = heartbeat;
  }

  /** Takes a connection to `/ws`, `/ws/<stream>[/<stream>…]` or `/stream?streams=<stream>[/<stream>…]`. */
  connect(socket: WebSocket, url: string): void {
    const { pathname, searchParams } = new URL(url, "ws://stub");
    const isCombined = pathname.startsWith("/stream");
    const named = isCombined ? (searchParams.get("streams") ?? "") : pathname.replace(/^\/ws\/?/, "");
    const client = new StreamClient(socket, this, { isCombined, misbehaviours: this.#misbehaviours });
    client.subscribe(named.split("/").filter((stream) => stream !== ""));
    keepHeartbeat(socket, this.#heartbeat, () => socket.terminate());
  }

  add(stream: string, client: StreamClient): void {
    const listeners = this.#listeners.get(stream);
    if (listeners === undefined) this.#listeners.set(stream, new Set([client]));
    else listeners.add(client);
  }

  remove(stream: string, client: StreamClient): void {
    const listeners = this.#listeners.get(stream);
    listeners?.delete(client);
    if (listeners?.size === 0) this.#listeners.delete(stream);
  }

  /** Passes an event of the market on to who listens. */
  onMarketEvent(event: MarketEvent): void {
    if (event.kind !== "depth") {
      this.#send(event.wire);
      return;
    }
    const second = this.#depthSecond(event.symbol).add(event.diff);
    if (second !== undefined && !this.#swallows(second)) this.#send(second);
    if (!this.#swallows(event.wire)) this.#send(event.wire);
  }

  /** A gap is counted on frames that somebody would have got. */
  #swallows(wire: Wire): boolean {
    return this.#listeners.has(wire.stream) && this.#misbehaviours.bites(gap);
  }

  #send(wire: Wire): void {
    for (const client of this.#listeners.get(wire.stream) ?? []) client.push(wire);
  }

  #depthSecond(symbol: string): DepthSecond {
    const gathering = this.#depthSeconds.get(symbol) ?? new DepthSecond(symbol);
    this.#depthSeconds.set(symbol, gathering);
    return gathering;
  }
}
