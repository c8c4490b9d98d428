import { type ClientOptions, WebSocket } from "ws";
import { requireAllowedHost } from "./allowed-hosts.ts";
import { MAX_PAGE_BYTES } from "./body-limits.ts";
import { fencedLookup } from "./fenced-lookup.ts";

/**
 * Opens a WebSocket to this machine or to an allowed host. Redirects are not followed, and messages have a limit.
 *
 * @throws RefusedError `host-not-allowed`
 */
export function openWebSocket(
  address: string | URL,
  allowedHosts: readonly string[],
  options: Pick<ClientOptions, "handshakeTimeout" | "headers" | "maxPayload" | "perMessageDeflate"> = {},
): WebSocket {
  const url = new URL(address);
  requireAllowedHost(url, allowedHosts);
  return new WebSocket(url, {
    // A larger message ends the connection.
    maxPayload: MAX_PAGE_BYTES,
    ...options,
    followRedirects: false,
    lookup: fencedLookup(allowedHosts),
  });
}
