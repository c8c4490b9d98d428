import type { WebSocket } from "ws";

/** How long a client may take for its side of the closing handshake. */
const CLOSE_WAIT_MS = 1_000;

/** Closes a connection with a code; destroys it when the client does not close its side. */
export function closeSoon(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  const giveUp = setTimeout(() => socket.terminate(), CLOSE_WAIT_MS);
  giveUp.unref();
  socket.once("close", () => clearTimeout(giveUp));
}
