import { once } from "node:events";
import net from "node:net";
import { NetworkError } from "../network-error.ts";
import { openSocket } from "../open-socket.ts";

/** HAProxy's runtime API: a Unix socket (`unix:///run/haproxy/admin.sock`) or TCP (`tcp://127.0.0.1:9999`). */
export interface HaproxyRuntime {
  readonly address: URL;
  /** Hosts besides this machine that may be asked. */
  readonly allowedHosts: readonly string[];
}

/** Far more than the state of thousands of servers, and little enough for memory. */
const MAX_ANSWER_BYTES = 4_194_304;

/**
 * Sends commands in one line, which HAProxy carries out one directly after the other, and returns what it says.
 *
 * @throws NetworkError `no-answer` when nothing listens there, or the connection breaks; RefusedError
 *   `host-not-allowed`; the signal's reason when it is aborted.
 */
export async function askHaproxy(
  { address, allowedHosts }: HaproxyRuntime,
  commands: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  const socket =
    address.protocol === "unix:"
      ? net.connect({ path: decodeURIComponent(address.pathname) })
      : openSocket(address, allowedHosts, {});
  const abort = () => socket.destroy();
  signal.addEventListener("abort", abort);
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
    await once(socket, "close", { signal });
  } catch (error) {
    signal.throwIfAborted();
    const received = error instanceof Error ? error.message : String(error);
    throw new NetworkError("no-answer", `HAProxy's runtime API at ${address.href}`, received, error);
  } finally {
    signal.removeEventListener("abort", abort);
    socket.destroy();
  }
  if (isTooLarge) {
    const received = `more than ${MAX_ANSWER_BYTES} bytes`;
    throw new NetworkError("body-too-large", `HAProxy's runtime API at ${address.href}`, received);
  }
  return answer.trim();
}
