import dns, { type LookupAddress, type LookupAllOptions } from "node:dns";
import { BlockList, type LookupFunction } from "node:net";
import { hostNotAllowed, isLoopbackAddress, isLoopbackHost } from "./allowed-hosts.ts";

/**
 * Addresses that no allowed name may resolve to: "any address" and link-local ones, where
 * cloud metadata is served.
 */
const NEVER = new BlockList();
NEVER.addAddress("0.0.0.0");
NEVER.addAddress("::", "ipv6");
NEVER.addSubnet("169.254.0.0", 16);
NEVER.addSubnet("fe80::", 10, "ipv6");

/** Finds every address of a name, like `dns.lookup`. */
type ResolveAll = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

/**
 * A name look-up for sockets that checks what a name resolves to: `localhost` must be a loopback address, and an
 * allowed
 * name must not be a link-local one. The socket connects to the very address that was checked, so a name server that
 * answers differently a second time changes nothing.
 */
export function fencedLookup(
  allowedHosts: readonly string[],
  resolve: ResolveAll = dns.lookup,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, "", 4);
      const refused = found.find(({ address }) => !isAllowed(hostname, address, allowedHosts));
      const [first] = found;
      if (refused !== undefined || first === undefined) {
        const where = refused === undefined ? "" : ` (which resolves to ${refused.address})`;
        return callback(hostNotAllowed(hostname, where), "", 4);
      }
      if (options.all === true) return callback(null, found);
      callback(null, first.address, first.family);
    });
  };
}

function isAllowed(hostname: string, address: string, allowedHosts: readonly string[]): boolean {
  if (isLoopbackHost(hostname)) return isLoopbackAddress(address);
  if (!allowedHosts.includes(hostname)) return false;
  return !NEVER.check(address, address.includes(":") ? "ipv6" : "ipv4");
}
