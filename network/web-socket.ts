import { type ClientOptions, WebSocket } from "ws";
import { requireAllowedHost } from "./allowed-hosts.ts";
import { fencedLookup } from "./fenced-lookup.ts";

/** A message larger than this ends the connection. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

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
    maxPayload: MAX_MESSAGE_BYTES,
    ...options,
    followRedirects: false,
    lookup: fencedLookup(allowedHosts),
  });
}
