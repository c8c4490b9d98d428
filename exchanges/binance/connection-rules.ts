import type { WebSocket } from "ws";
import { closeSoon } from "../websocket/close-soon.ts";
import { type HeartbeatRule, keepHeartbeat } from "../websocket/heartbeat.ts";

/** How long connections may last and how they must answer pings. */
export interface ConnectionRules {
  readonly heartbeat: HeartbeatRule;
  /** After this time every connection is closed: a day at the real venue. */
  readonly lifeMs: number;
}

/** The venue pings every 20 s and disconnects a client that has not answered for 60 s. */
export const BINANCE_HEARTBEAT: HeartbeatRule = { pingIntervalMs: 20_000, pongTimeoutMs: 60_000 };

const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;

/** Applies the rules to a connection: pings it, closes it when pongs are missing or its time is over. */
export function keepRules(socket: WebSocket, { heartbeat, lifeMs }: ConnectionRules): void {
  keepHeartbeat(socket, heartbeat, () => closeSoon(socket, POLICY_VIOLATION, "Pong timeout"));
  const cut = setTimeout(() => closeSoon(socket, GOING_AWAY, "Connection lifetime exceeded"), lifeMs);
  cut.unref();
  socket.once("close", () => clearTimeout(cut));
}
