import { once } from "node:events";
import net from "node:net";
import { NetworkError } from "../network-error.ts";
import { openSocket } from "../open-socket.ts";

/** HAProxy's runtime API: a Unix socket (`unix:///run/haproxy/admin.sock`) or TCP (`tcp://127.0.0.1:9999`). */
export interface HaproxyRuntime {
  readonly address: URL;
  /** Hosts besides this machine that may be asked. */
  readonly allowedHosts: readonly string[];
  /** How long an answer may take. */
  readonly deadlineMs: number;
}

/** It answers in a millisecond; one that does not is paused or overloaded, and a rollback must not wait for it. */
export const HAPROXY_DEADLINE_MS = 5_000;

/** Far more than the state of thousands of servers, and little enough for memory. */
const MAX_ANSWER_BYTES = 4_194_304;

/**
 * Sends commands in one line, which HAProxy carries out one directly after the other, and returns what it says.
 *
 * @throws NetworkError `no-answer` when nothing listens there, or the connection breaks, `deadline-exceeded`;
 *   RefusedError `host-not-allowed`; the signal's reason when it is aborted.
 */
export async function askHaproxy(
  { address, allowedHosts, deadlineMs }: HaproxyRuntime,
  commands: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  const socket =
    address.protocol === "unix:"
      ? net.connect({ path: decodeURIComponent(address.pathname) })
      : openSocket(address, allowedHosts, {});
  const asked = `HAProxy's runtime API at ${address.href}`;
  const limit = AbortSignal.timeout(deadlineMs);
  let answer = "";
  let isTooLarge = false;
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    answer += text;
    isTooLarge = answer.length > MAX_ANSWER_BYTES;
    if (isTooLarge) socket.destroy();
  });
  try {
    // HAProxy closes the connection after its answer; a failure is thrown by the wait.
    socket.write(`${commands.join(";")}\n`);
    await once(socket, "close", { signal: AbortSignal.any([signal, limit]) });
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted)
      throw new NetworkError("deadline-exceeded", asked, `no answer within ${deadlineMs} ms`, error);
    const received = error instanceof Error ? error.message : String(error);
    throw new NetworkError("no-answer", asked, received, error);
  } finally {
    socket.destroy();
  }
  if (isTooLarge) {
    const received = `more than ${MAX_ANSWER_BYTES} bytes`;
    throw new NetworkError("body-too-large", asked, received);
  }
  return answer.trim();
}
