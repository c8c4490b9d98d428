import { once } from "node:events";
import type { WebSocket } from "ws";
import { openWebSocket } from "../../network/index.ts";
import type { Provider } from "../matching/pact-file.ts";

/** Enough frames to show the effect of a misbehavior. */
const FRAMES = 4;
/** How long to wait for a stream that is silent. */
const SILENCE_MS = 1_000;
const JOIN = '[151,{"type":151,"channel":"obdiff","event":"BTCUSDT","join":true}]';

/** A connected listener. */
export interface Listener {
  /** The received frames, complete after four frames, the end of the connection or a timeout. */
  readonly frames: Promise<readonly string[]>;
}

/** Connects like the platform's feed, and listens. */
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
    const timer = setTimeout(end, SILENCE_MS);
    socket.on("error", reject);
    socket.on("close", end);
    if (provider === "btcturk") socket.send(JOIN);
    socket.on("message", (data) => {
      const text = String(data);
      // The greeting and the acknowledgement are not in any pact.
      if (text.startsWith("[991,") || text.startsWith("[100,")) return;
      if (frames.push(text) >= FRAMES) end();
    });
  });
}
