import { once } from "node:events";
import type { WebSocket } from "ws";
import { openWebSocket } from "../../network/index.ts";
import type { Provider } from "../matching/pact-file.ts";

/** Enough to see what a misbehavior does to them. */
const FRAMES = 4;
/** A stream that is silent must not be waited for longer. */
const PATIENCE_MS = 1_000;
const JOIN = '[151,{"type":151,"channel":"obdiff","event":"BTCUSDT","join":true}]';

/** A listener that is connected. */
export interface Listener {
  /** What it heard until there were four frames, the connection ended or it was silent for too long. */
  readonly frames: Promise<readonly string[]>;
}

/** Connects as the platform's feed does, and listens. */
export async function listen(
  provider: Provider,
  webSocketUrl: string,
  allowedHosts: readonly string[],
): Promise<Listener> {
  const path = provider === "binance-spot" ? "/stream?streams=btcusdt@depth@100ms" : "/";
  const socket = openWebSocket(`${webSocketUrl}${path}`, allowedHosts);
  await once(socket, "open");
  return { frames: framesFrom(provider, socket) };
}

function framesFrom(provider: Provider, socket: WebSocket): Promise<readonly string[]> {
  const frames: string[] = [];
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      socket.terminate();
      resolve(frames);
    };
    const timer = setTimeout(end, PATIENCE_MS);
    socket.on("error", reject);
    socket.on("close", end);
    if (provider === "btcturk") socket.send(JOIN);
    socket.on("message", (data) => {
      const text = String(data);
      // The greeting and the acknowledgement are the connection's, no pact speaks of them.
      if (text.startsWith("[991,") || text.startsWith("[100,")) return;
      if (frames.push(text) >= FRAMES) end();
    });
  });
}
