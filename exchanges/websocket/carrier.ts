import type { Socket } from "node:net";
import type { WebSocket } from "ws";

/** The TCP connection under each WebSocket, which `ws` does not expose. */
const carriers = new WeakMap<WebSocket, Socket>();

/** Remembers the TCP connection of a WebSocket, from its upgrade request. */
export function noteCarrier(socket: WebSocket, carrier: Socket): void {
  carriers.set(socket, carrier);
}

/**
 * Buffers what is sent during one turn of the event loop and writes it with one system call: a replay that
 * catches up sends hundreds of frames in a turn. Buffered bytes count in `bufferedAmount`.
 */
export function sendTogether(socket: WebSocket): void {
  const carrier = carriers.get(socket);
  if (carrier === undefined || carrier.writableCorked > 0) return;
  carrier.cork();
  process.nextTick(() => carrier.uncork());
}
