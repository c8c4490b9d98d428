import { type Clock, UnavailableError } from "../../core/index.ts";
import { openWebSocket } from "../../network/index.ts";

/** A connection to listen to for some time. */
export interface ListeningOptions {
  readonly url: string;
  readonly allowedHosts: readonly string[];
  readonly durationMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Sent when the connection is open, in this order. */
  readonly hello: readonly string[];
  readonly onFrame: (text: string) => void;
}

/**
 * Listens to a WebSocket for the whole time, or until the signal ends it.
 *
 * @throws UnavailableError `stream-ended` when the connection fails or ends before.
 */
export async function listenFor(options: ListeningOptions): Promise<void> {
  const { url, allowedHosts, durationMs, clock, signal, hello, onFrame } = options;
  const socket = openWebSocket(url, allowedHosts);
  const over = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    const fail = (received: string, cause?: unknown) =>
      reject(
        new UnavailableError({
          code: "stream-ended",
          message: `Expected ${url} to send frames for ${durationMs / 1_000} s, got ${received}.`,
          nextStep: "Check the address and the symbols, and record again.",
          cause,
        }),
      );
    socket.once("error", (cause) => fail(cause.message, cause));
    socket.once("close", (code) => fail(`the end of the connection (${code})`));
  });
  socket.on("open", () => {
    for (const text of hello) socket.send(text);
  });
  socket.on("message", (data, isBinary) => {
    if (!isBinary) onFrame(String(data));
  });
  const either = AbortSignal.any([signal, over.signal]);
  const slept = clock.sleep(durationMs, either).catch(() => undefined);
  try {
    await Promise.race([slept, ended]);
  } finally {
    over.abort();
    // After this, the end of the connection is not a failure.
    ended.catch(() => undefined);
    socket.terminate();
  }
}
