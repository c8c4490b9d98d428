import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { hasPort, parseAddress } from "../address.ts";
import { ApiError } from "./api-error.ts";

const LOOKUP_DEADLINE_MS = 2_000;

/**
 * The listening address with a numeric host, which can be bound without a lookup. A name is resolved
 * here, outside the queue of changes, so that a name server that does not answer delays neither other
 * changes nor the end of a lease.
 *
 * @throws ApiError 500, in the words of Go's `net.Listen`, when the name is unknown or the
 *   answer takes too long.
 */
export async function resolveListen(listen: string): Promise<string> {
  // An address without a port is refused when it is bound, with Toxiproxy's message.
  if (!hasPort(listen)) return listen;
  const { host, port } = parseAddress(listen, "listen");
  if (host === "" || host === "localhost" || isIP(host) !== 0) return listen;
  const deadline = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error("i/o timeout")), LOOKUP_DEADLINE_MS).unref();
  });
  try {
    const { address, family } = await Promise.race([lookup(host), deadline]);
    return family === 6 ? `[${address}]:${port}` : `${address}:${port}`;
  } catch (cause) {
    const timedOut = cause instanceof Error && cause.message === "i/o timeout";
    const why = timedOut ? "i/o timeout" : "no such host";
    throw new ApiError(500, "cannot-listen", `listen tcp: lookup ${host}: ${why}`, { cause });
  }
}
