import { LIMITS } from "../limits.ts";
import { TOXIC_TYPES } from "../toxics/registry.ts";
import { ApiError } from "./api-error.ts";
import { type Answer, type Call, forGood, type Handler, leaseOf } from "./call.ts";
import { strictNotes } from "./input-notes.ts";
import { parseJson, readNumber, readObject } from "./json-input.ts";
import { listLeases, openLease, releaseLease, renewLease, showLease } from "./lease-routes.ts";
import { formatMetrics } from "./metrics.ts";
import { populateFrom } from "./populate.ts";
import { readLink, readLinkUpdate } from "./proxy-input.ts";
import { resolveListen } from "./resolve-listen.ts";
import { readToxic, readToxicChange } from "./toxic-input.ts";

/** The version of Toxiproxy whose HTTP API this implements. */
export const API_VERSION = "2.12.0";

/** The capabilities that only this engine has, listed at `GET /kanit/capabilities`. */
const CAPABILITIES = [
  "bites",
  "decisions",
  "leases",
  "restart",
  ...[...TOXIC_TYPES.keys()].map((type) => `toxic:${type}`),
];

const JSON_UTF8 = "application/json;charset=utf-8";
const METRICS = "text/plain; version=0.0.4; charset=utf-8";

/** Every path of the control API with its methods. `{proxy}`, `{toxic}` and `{lease}` stand for one segment. */
export const ROUTES: ReadonlyMap<string, Readonly<Record<string, Handler>>> = new Map([
  [
    "/version",
    { GET: () => ({ status: 200, body: `{"version": "${API_VERSION}"}\n`, contentType: JSON_UTF8 }) },
  ],
  [
    "/metrics",
    { GET: ({ links }) => ({ status: 200, body: formatMetrics(links.all()), contentType: METRICS }) },
  ],
  ["/reset", { POST: forGood("POST /reset", reset) }],
  ["/populate", { POST: forGood("POST /populate", populate) }],
  ["/proxies", { GET: listProxies, POST: createProxy }],
  ["/proxies/{proxy}", { GET: showProxy, POST: updateProxy, PATCH: updateProxy, DELETE: removeProxy }],
  ["/proxies/{proxy}/toxics", { GET: listToxics, POST: addToxic }],
  [
    "/proxies/{proxy}/toxics/{toxic}",
    { GET: showToxic, POST: updateToxic, PATCH: updateToxic, DELETE: removeToxic },
  ],
  ["/leases", { GET: listLeases, POST: openLease }],
  ["/leases/{lease}", { GET: showLease, DELETE: releaseLease }],
  ["/leases/{lease}/renew", { POST: renewLease }],
  ["/kanit/capabilities", { GET: () => ok({ engine: "kanit", capabilities: CAPABILITIES, limits: LIMITS }) }],
  ["/kanit/restart", { POST: forGood("POST /kanit/restart", restart) }],
  ["/kanit/bites", { GET: ({ links }) => ok(links.bites()) }],
  ["/kanit/decisions", { GET: ({ links }) => ok(links.decisions.toBody()) }],
] satisfies [string, Record<string, Handler>][]);

function ok(body: unknown): Answer {
  return { status: 200, body };
}

async function reset({ links }: Call): Promise<Answer> {
  await links.reset();
  return { status: 204 };
}

async function restart({ links, bodyText }: Call): Promise<Answer> {
  const body = readObject(parseJson(bodyText), "the restart", ["seed"], strictNotes());
  if (body.seed === undefined) throw ApiError.badBody('expected {"seed": a whole number}, got no seed');
  await links.restart(readNumber(body, "seed", { fallback: 0, whole: true }));
  return { status: 204 };
}

async function populate({ links, bodyText, notes }: Call): Promise<Answer> {
  const { links: made, error } = await populateFrom(links, bodyText, notes);
  const proxies = made.map((link) => link.toBody());
  if (error === null) return { status: 201, body: { proxies } };
  const { message, status } = error;
  return { status, body: { error: message, status, proxies } };
}

function listProxies({ links }: Call): Answer {
  return ok(Object.fromEntries(links.all().map((link) => [link.name, link.toBody()])));
}

async function createProxy(call: Call): Promise<Answer> {
  const input = await withNumericListen(readLink(parseJson(call.bodyText), call.notes));
  const link = await call.links.create(input, leaseOf(call));
  return { status: 201, body: link.toBody() };
}

function showProxy({ links, proxy }: Call): Answer {
  return ok(links.get(proxy).toBody());
}

async function updateProxy(call: Call): Promise<Answer> {
  const { links, proxy } = call;
  links.get(proxy);
  const update = await withNumericListen(readLinkUpdate(parseJson(call.bodyText), call.notes));
  const link = await links.update(proxy, update, leaseOf(call));
  return ok(link.toBody());
}

async function removeProxy(call: Call): Promise<Answer> {
  await call.links.remove(call.proxy, leaseOf(call));
  return { status: 204 };
}

async function withNumericListen<T extends { readonly listen?: string }>(input: T): Promise<T> {
  return input.listen === undefined ? input : { ...input, listen: await resolveListen(input.listen) };
}

function listToxics({ links, proxy }: Call): Answer {
  return ok(links.get(proxy).toxics.toBodies());
}

async function addToxic(call: Call): Promise<Answer> {
  const { links, proxy, bodyText, notes } = call;
  const link = links.get(proxy);
  const toxic = readToxic(parseJson(bodyText), notes);
  links.leased(proxy).addToxic(toxic, leaseOf(call));
  await link.settled();
  return ok(toxic.toBody());
}

function showToxic({ links, proxy, toxic }: Call): Answer {
  return ok(links.get(proxy).toxics.get(toxic).toBody());
}

function updateToxic(call: Call): Answer {
  const { links, proxy, toxic, bodyText, notes } = call;
  // Looked up before the body is read, as in Toxiproxy.
  const current = links.get(proxy).toxics.get(toxic);
  const change = readToxicChange(parseJson(bodyText), current, notes);
  return ok(links.leased(proxy).updateToxic(toxic, change, leaseOf(call)).toBody());
}

async function removeToxic(call: Call): Promise<Answer> {
  const { links, proxy, toxic } = call;
  const link = links.get(proxy);
  links.leased(proxy).removeToxic(toxic, leaseOf(call));
  await link.settled();
  return { status: 204 };
}
