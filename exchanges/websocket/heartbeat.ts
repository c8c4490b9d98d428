import type { WebSocket } from "ws";

/** When a server pings, and how long it waits for the answer. */
export interface HeartbeatRule {
  readonly pingIntervalMs: number;
  readonly pongTimeoutMs: number;
}

/**
 * Pings a client and calls `onSilent` when it has answered no ping for `pongTimeoutMs`. Only a pong with the
 * payload of a ping counts; an unsolicited one does not.
 */
export function keepHeartbeat(socket: WebSocket, rule: HeartbeatRule, onSilent: () => void): void {
  let lastAnswerMs = performance.now();
  let sequence = 0;
  const timer = setInterval(() => {
    if (performance.now() - lastAnswerMs >= rule.pongTimeoutMs) {
      clearInterval(timer);
      onSilent();
      return;
    }
    sequence++;
    socket.ping(String(sequence));
  }, rule.pingIntervalMs);
  socket.on("pong", (payload) => {
    const answered = Number(payload.toString());
    if (payload.length > 0 && answered >= 1 && answered <= sequence) lastAnswerMs = performance.now();
  });
  socket.once("close", () => clearInterval(timer));
}
