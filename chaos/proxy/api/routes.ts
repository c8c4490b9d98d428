import type { LinkCollection } from "../link-collection.ts";
import { TOXIC_TYPES } from "../toxics/registry.ts";
import { ApiError } from "./api-error.ts";
import { parseJson } from "./json-input.ts";
import { formatMetrics } from "./metrics.ts";
import { readLink, readLinks, readLinkUpdate } from "./proxy-input.ts";
import { readToxic, readToxicChange } from "./toxic-input.ts";

/** The version of Toxiproxy whose HTTP API this is. */
const API_VERSION = "2.12.0";

/** What only this engine can do: asked for by name at `GET /kanit/capabilities`. */
const CAPABILITIES = ["bites", "decisions", ...[...TOXIC_TYPES.keys()].map((type) => `toxic:${type}`)];

const JSON_UTF8 = "application/json;charset=utf-8";
const METRICS = "text/plain; version=0.0.4; charset=utf-8";

/** An answer of the control API. A body that is not a text is sent as JSON. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly contentType?: string;
}

/** What a handler is given: the links, the names in the path and the request's body. */
export interface Call {
  readonly links: LinkCollection;
  readonly proxy: string;
  readonly toxic: string;
  readonly bodyText: string;
}

export type Handler = (call: Call) => Answer | Promise<Answer>;

/** Every path of the control API with its methods. `{proxy}` and `{toxic}` stand for one segment. */
export const ROUTES: ReadonlyMap<string, Readonly<Record<string, Handler>>> = new Map([
  [
    "/version",
    { GET: () => ({ status: 200, body: `{"version": "${API_VERSION}"}\n`, contentType: JSON_UTF8 }) },
  ],
  [
    "/metrics",
    { GET: ({ links }) => ({ status: 200, body: formatMetrics(links.all()), contentType: METRICS }) },
  ],
  ["/reset", { POST: reset }],
  ["/populate", { POST: populate }],
  ["/proxies", { GET: listProxies, POST: createProxy }],
  ["/proxies/{proxy}", { GET: showProxy, POST: updateProxy, PATCH: updateProxy, DELETE: removeProxy }],
  ["/proxies/{proxy}/toxics", { GET: listToxics, POST: addToxic }],
  [
    "/proxies/{proxy}/toxics/{toxic}",
    { GET: showToxic, POST: updateToxic, PATCH: updateToxic, DELETE: removeToxic },
  ],
  ["/kanit/capabilities", { GET: () => ok({ engine: "kanit", capabilities: CAPABILITIES }) }],
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

async function populate({ links, bodyText }: Call): Promise<Answer> {
  let result: Awaited<ReturnType<LinkCollection["populate"]>>;
  try {
    result = await links.populate(readLinks(parseJson(bodyText)));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    result = { links: [], error };
  }
  const proxies = result.links.map((link) => link.toBody());
  if (result.error === undefined) return { status: 201, body: { proxies } };
  const { message, status } = result.error;
  return { status, body: { error: message, status, proxies } };
}

function listProxies({ links }: Call): Answer {
  return ok(Object.fromEntries(links.all().map((link) => [link.name, link.toBody()])));
}

async function createProxy({ links, bodyText }: Call): Promise<Answer> {
  const link = await links.create(readLink(parseJson(bodyText)));
  return { status: 201, body: link.toBody() };
}

function showProxy({ links, proxy }: Call): Answer {
  return ok(links.get(proxy).toBody());
}

async function updateProxy({ links, proxy, bodyText }: Call): Promise<Answer> {
  links.get(proxy);
  const link = await links.update(proxy, readLinkUpdate(parseJson(bodyText)));
  return ok(link.toBody());
}

async function removeProxy({ links, proxy }: Call): Promise<Answer> {
  await links.remove(proxy);
  return { status: 204 };
}

function listToxics({ links, proxy }: Call): Answer {
  return ok(links.get(proxy).toxics.toBodies());
}

async function addToxic({ links, proxy, bodyText }: Call): Promise<Answer> {
  const link = links.get(proxy);
  const toxic = readToxic(parseJson(bodyText));
  link.toxics.add(toxic);
  await link.settled();
  return ok(toxic.toBody());
}

function showToxic({ links, proxy, toxic }: Call): Answer {
  return ok(links.get(proxy).toxics.get(toxic).toBody());
}

function updateToxic({ links, proxy, toxic, bodyText }: Call): Answer {
  const { toxics } = links.get(proxy);
  const change = readToxicChange(parseJson(bodyText), toxics.get(toxic));
  return ok(toxics.update(toxic, change).toBody());
}

async function removeToxic({ links, proxy, toxic }: Call): Promise<Answer> {
  const link = links.get(proxy);
  link.toxics.remove(toxic);
  await link.settled();
  return { status: 204 };
}
