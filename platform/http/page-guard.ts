import type { FastifyInstance, FastifyRequest } from "fastify";

/**
 * This machine, or a name without a dot, such as a container's. A web page cannot rebind either name to
 * itself.
 */
const OWN_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|[a-z0-9_-]+)(:\d{1,5})?$/i;
/** `none`: the user typed the address. `same-origin`: a page that Spark served. */
const HARMLESS_FETCH_SITES: ReadonlySet<string> = new Set(["none", "same-origin"]);

/**
 * Refuses requests of pages from other origins: such a page in the developer's browser could otherwise trade,
 * stop trading or reset everything. Following a link to a page of Spark is allowed. Also guards WebSocket
 * upgrades.
 */
export function addPageGuard(server: FastifyInstance): void {
  server.addHook("onRequest", async (request, reply) => {
    if (isOfOtherPage(request)) await reply.code(403).send({ error: "page_not_allowed" });
  });
}

function isOfOtherPage({ method, headers }: FastifyRequest): boolean {
  const { host, origin, "sec-fetch-site": site, "sec-fetch-mode": mode } = headers;
  if (host === undefined || !OWN_HOST.test(host)) return true;
  if (origin !== undefined && origin !== `http://${host}`) return true;
  const isLink = method === "GET" && mode === "navigate";
  return site !== undefined && !HARMLESS_FETCH_SITES.has(String(site)) && !isLink;
}
