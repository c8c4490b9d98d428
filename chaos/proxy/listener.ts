import type { Server } from "node:net";
import { type Address, anyPort, formatAddress, hasPort, parseAddress } from "./address.ts";
import { ApiError } from "./api/api-error.ts";

/** How many random ports to try before the system is asked to choose one. */
const ANY_PORT_TRIES = 16;
const EVERY_INTERFACE = "::";
/** What binding to IPv6 fails with on a machine without it. */
const WITHOUT_IPV6: ReadonlySet<string> = new Set(["EAFNOSUPPORT", "EADDRNOTAVAIL"]);

/** Whether a listener on `current` fulfills the request `wanted`. */
export function sameListen(wanted: string, current: string): boolean {
  if (wanted === current) return true;
  const [from, to] = [parseAddress(current, "listen"), parseAddress(wanted, "listen")];
  return bindHost(from) === bindHost(to) && (to.port === 0 || to.port === from.port);
}

/**
 * The host that Go's `net.Listen` binds: `localhost` is IPv4, and no host, `0.0.0.0` or `::` is every interface of both
 * families.
 */
function bindHost({ host }: Address): string {
  if (host === "localhost") return "127.0.0.1";
  return host === "" || host === "0.0.0.0" ? EVERY_INTERFACE : host;
}

/**
 * Starts listening and returns the address that was bound.
 *
 * @throws ApiError 500, in the words of Go's `net.Listen`, when it cannot be bound.
 */
export async function listenOn(server: Server, listen: string): Promise<string> {
  if (!hasPort(listen)) {
    throw new ApiError(500, "bad-listen", `listen tcp: address ${listen}: missing port in address`);
  }
  const address = parseAddress(listen, "listen");
  const tries = address.port === 0 ? [...Array.from({ length: ANY_PORT_TRIES }, anyPort), 0] : [address.port];
  for (const [index, port] of tries.entries()) {
    try {
      return await bindOrIpv4(server, bindHost(address), port);
    } catch (error) {
      if (isAddressInUse(error) && index < tries.length - 1) continue;
      const why = isAddressInUse(error) ? "address already in use" : String((error as Error).message);
      // Go names the address that `localhost` stands for.
      const named = address.host === "localhost" ? `${bindHost(address)}:${port}` : listen;
      throw new ApiError(500, "cannot-listen", `listen tcp ${named}: bind: ${why}`, { cause: error });
    }
  }
  throw new ApiError(500, "cannot-listen", `listen tcp ${listen}: bind: no free port`);
}

/**
 * Runs the change with this address, for port 0 with a new port: another is drawn when the one that was is taken.
 *
 * @throws whatever the change throws.
 */
export async function onFreePort(listen: string, change: (listen: string) => Promise<void>): Promise<void> {
  const { host, port } = hasPort(listen) ? parseAddress(listen, "listen") : { host: "", port: null };
  if (port !== 0) return change(listen);
  for (let left = ANY_PORT_TRIES; ; left -= 1) {
    try {
      return await change(`${host.includes(":") ? `[${host}]` : host}:${anyPort()}`);
    } catch (error) {
      if (left === 0 || !isAddressInUse((error as Error).cause)) throw error;
    }
  }
}

/** On a machine without IPv6, every interface is every interface of IPv4. */
async function bindOrIpv4(server: Server, host: string, port: number): Promise<string> {
  try {
    return await bind(server, host, port);
  } catch (error) {
    if (host !== EVERY_INTERFACE || !WITHOUT_IPV6.has(codeOf(error))) throw error;
    return bind(server, "0.0.0.0", port);
  }
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
  return codeOf(error) === "EADDRINUSE";
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
