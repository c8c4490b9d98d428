import type { WebSocket } from "ws";
import { reportDefect } from "../defect.ts";
import { closeSoon } from "./close-soon.ts";

const INTERNAL_ERROR = 1011;

/**
 * Reads a client's messages as text. An exception of `take` closes only this client, with 1011, and is
 * reported.
 */
export function onClientText(
  socket: WebSocket,
  take: (text: string, isBinary: boolean) => void | Promise<void>,
): void {
  socket.on("message", (data, isBinary) => {
    void withinBoundary(socket, () => take(data.toString(), isBinary));
  });
}

/** Runs code that concerns one client. It never throws: the client is disconnected instead. */
export async function withinBoundary(socket: WebSocket, act: () => void | Promise<void>): Promise<void> {
  try {
    await act();
  } catch (cause) {
    reportDefect(cause);
    closeSoon(socket, INTERNAL_ERROR, "Internal error");
  }
}
