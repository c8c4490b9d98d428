import type { Server } from "node:net";
import { type Address, anyPort, formatAddress, parseAddress } from "./address.ts";
import { ApiError } from "./api/api-error.ts";

/** How many random ports to try before the system is asked to choose one. */
const ANY_PORT_TRIES = 16;

/** Whether a listener on `current` fulfills the request `wanted`. */
export function sameListen(wanted: string, current: string): boolean {
  if (wanted === current) return true;
  const [from, to] = [parseAddress(current, "listen"), parseAddress(wanted, "listen")];
  return bindHost(from) === bindHost(to) && (to.port === 0 || to.port === from.port);
}

/** Go binds `localhost` to IPv4, and an address without a host to every interface of both families. */
function bindHost({ host }: Address): string {
  if (host === "localhost") return "127.0.0.1";
  return host === "" ? "::" : host;
}

/**
 * Starts listening and returns the address that was bound.
 *
 * @throws ApiError 500, in the words of Go's `net.Listen`, when it cannot be bound.
 */
export async function listenOn(server: Server, listen: string): Promise<string> {
  if (!/:\d+$/.test(listen)) {
    throw new ApiError(500, "bad-listen", `listen tcp: address ${listen}: missing port in address`);
  }
  const address = parseAddress(listen, "listen");
  const tries = address.port === 0 ? [...Array.from({ length: ANY_PORT_TRIES }, anyPort), 0] : [address.port];
  for (const [index, port] of tries.entries()) {
    try {
      return await bind(server, bindHost(address), port);
    } catch (error) {
      if (isAddressInUse(error) && index < tries.length - 1) continue;
      const why = isAddressInUse(error) ? "address already in use" : String((error as Error).message);
      throw new ApiError(500, "cannot-listen", `listen tcp ${listen}: bind: ${why}`, { cause: error });
    }
  }
  throw new ApiError(500, "cannot-listen", `listen tcp ${listen}: bind: no free port`);
}

function bind(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      const bound = server.address();
      if (bound === null || typeof bound === "string") reject(new Error("not a TCP address"));
      else resolve(formatAddress(bound));
    });
  });
}

function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}
