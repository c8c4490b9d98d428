import { isIPv4 } from "node:net";
import { RefusedError, UsageError } from "../core/index.ts";

/**
 * Refuses every host that is neither this machine nor named by the user: kanit sends traffic and orders,
 * which are an incident at the wrong host.
 *
 * @throws RefusedError `host-not-allowed`
 */
export function requireAllowedHost(url: URL, allowedHosts: readonly string[]): void {
  if (!isAllowedHost(url, allowedHosts)) throw hostNotAllowed(url.hostname, "");
}

/** Whether a URL's host is this machine or named by the user. */
export function isAllowedHost({ hostname }: URL, allowedHosts: readonly string[]): boolean {
  return isLoopbackHost(hostname) || allowedHosts.includes(hostname);
}

/**
 * Parses an address to which kanit is about to connect. Returns it without a trailing slash.
 *
 * @throws UsageError `bad-url` for anything but an address with one of these protocols (`http:`, `wss:` …);
 *   RefusedError `host-not-allowed`.
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
      message: `Expected an address that begins with ${protocols.map((each) => `${each}//`).join(" or ")}, got ${JSON.stringify(text.slice(0, 200))}.`,
      nextStep: `Write it as ${protocols[0]}//127.0.0.1:8080.`,
    });
  }
  requireAllowedHost(url, allowedHosts);
  return text.replace(/\/$/, "");
}

/**
 * Joins a path to the address of an allowed host. A path can name another host (`//host`, `http://host/x`, `\\host`);
 * the result must be of the same origin.
 *
 * @throws UsageError `bad-path`
 */
export function pathOn(base: URL, path: string): URL {
  const joined = URL.canParse(path, base.href) ? new URL(path, base) : null;
  if (joined !== null && joined.origin === base.origin && joined.protocol === base.protocol) return joined;
  throw new UsageError({
    code: "bad-path",
    message: `Expected a path on ${base.host}, got ${JSON.stringify(path.slice(0, 200))}.`,
    nextStep: "Write it as /healthz, without a host.",
  });
}

/**
 * The error for a host that is not allowed; `where` says which step led to it: ` (a redirect of http://…)`.
 */
export function hostNotAllowed(hostname: string, where: string): RefusedError {
  return new RefusedError({
    code: "host-not-allowed",
    message: `Expected a host on this machine, or one that is allowed by name, got ${hostname}${where}.`,
    nextStep: `To allow it, add: --allow-host ${hostname}`,
  });
}

/**
 * Whether a URL's hostname is this machine, decided without a name server: `localhost`, `127.x.x.x`, `[::1]`.
 */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || isLoopbackAddress(hostname);
}

/** Whether an IP address is of this machine's loopback interface. */
export function isLoopbackAddress(address: string): boolean {
  return address === "::1" || (isIPv4(address) && address.startsWith("127."));
}
