import type { WebSocket } from "ws";
import { closeSoon } from "../websocket/close-soon.ts";
import { type HeartbeatRule, keepHeartbeat } from "../websocket/heartbeat.ts";

/** How long connections may live and what they must answer. */
export interface ConnectionRules {
  readonly heartbeat: HeartbeatRule;
  /** After this time every connection is cut: a day at the venue. */
  readonly lifeMs: number;
}

/** The venue pings every 20 s and drops a client that has not answered for 60 s. */
export const BINANCE_HEARTBEAT: HeartbeatRule = { pingIntervalMs: 20_000, pongTimeoutMs: 60_000 };

const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;

/** Holds a connection to the rules: pinged, dropped when it is silent, cut at the end of its life. */
export function keepRules(socket: WebSocket, { heartbeat, lifeMs }: ConnectionRules): void {
  keepHeartbeat(socket, heartbeat, () => closeSoon(socket, POLICY_VIOLATION, "Pong timeout"));
  const cut = setTimeout(() => closeSoon(socket, GOING_AWAY, "Connection lifetime exceeded"), lifeMs);
  cut.unref();
  socket.once("close", () => clearTimeout(cut));
}
