import net from "node:net";
import tls from "node:tls";
import { requireAllowedHost } from "./allowed-hosts.ts";
import { fencedLookup } from "./fenced-lookup.ts";

/**
 * Opens a TCP connection to this machine or to an allowed host, with TLS for the protocols `https:` and
 * `wss:`.
 *
 * @throws RefusedError `host-not-allowed`
 */
export function openSocket(
  url: URL,
  allowedHosts: readonly string[],
  options: Omit<net.TcpNetConnectOpts, "host" | "port" | "lookup">,
): net.Socket {
  requireAllowedHost(url, allowedHosts);
  const isSecure = url.protocol === "https:" || url.protocol === "wss:";
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = url.port === "" ? (isSecure ? 443 : 80) : Number(url.port);
  const target = { ...options, host, port, lookup: fencedLookup(allowedHosts) };
  return isSecure
    ? tls.connect({ ...target, servername: net.isIP(host) === 0 ? host : "" })
    : net.connect(target);
}
