import { isIPv4 } from "node:net";
import { RefusedError } from "./kanit-error.ts";

/**
 * Refuses every host that is neither this machine nor named by the user: what kanit sends is traffic and orders, and
 * at the wrong host they are an incident.
 *
 * @throws RefusedError `host-not-allowed`
 */
export function requireAllowedHost({ hostname }: URL, allowedHosts: readonly string[]): void {
  if (isLoopback(hostname) || allowedHosts.includes(hostname)) return;
  throw new RefusedError({
    code: "host-not-allowed",
    message: `Expected a host on this machine, or one that is allowed by name, got ${hostname}.`,
    nextStep: `If you mean it, add: --allow-host ${hostname}`,
  });
}

function isLoopback(hostname: string): boolean {
  if (hostname === "localhost" || hostname === "[::1]") return true;
  return isIPv4(hostname) && hostname.startsWith("127.");
}
