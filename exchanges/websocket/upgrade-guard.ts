import type { IncomingHttpHeaders } from "node:http";

/** `none`: no page asks. Browsers alone send the header, and pages cannot choose it. */
const PROGRAM_SITES: ReadonlySet<string> = new Set(["none", "same-origin"]);
/** This machine, or a name without a dot, such as a container's: a page's own name cannot be rebound to either. */
const OWN_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|[a-z0-9-]+)(:\d{1,5})?$/i;

/**
 * Whether an upgrade comes from a program rather than from a web page, which could trade on a stub with its well-known
 * keys. Some libraries of Python name the very server they connect to as their origin: that is no page.
 */
export function isUpgradeOfProgram({ host, origin, ...headers }: IncomingHttpHeaders): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && !PROGRAM_SITES.has(String(site))) return false;
  if (origin === undefined) return true;
  return (
    host !== undefined && OWN_HOST.test(host) && (origin === `http://${host}` || origin === `ws://${host}`)
  );
}
