import { isIPv4 } from "node:net";
import { RefusedError, UsageError } from "../core/index.ts";

/**
 * Reads the address of a venue, and refuses every host that is neither this machine nor named by the user:
 * kanit places orders and causes traffic there.
 *
 * @throws UsageError `bad-url`, RefusedError `host-not-allowed`.
 */
export function allowedUrl(
  text: string,
  protocols: readonly string[],
  allowedHosts: readonly string[],
): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !protocols.includes(url.protocol)) {
    throw new UsageError({
      code: "bad-url",
      message: `Expected an address that begins with ${protocols.map((each) => `${each}//`).join(" or ")}, got ${JSON.stringify(text)}.`,
      nextStep: `Write it as ${protocols[0]}//127.0.0.1:8080.`,
    });
  }
  const { hostname } = url;
  const isLoopback =
    hostname === "localhost" || hostname === "[::1]" || (isIPv4(hostname) && hostname.startsWith("127."));
  if (isLoopback || allowedHosts.includes(hostname)) return text.replace(/\/$/, "");
  throw new RefusedError({
    code: "host-not-allowed",
    message: `Expected a host on this machine, or one that is allowed by name, got ${hostname}.`,
    nextStep: `If you mean it, add: --allow-host ${hostname}`,
  });
}
