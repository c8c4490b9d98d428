import { type Dialogue, empty, json, plain, refusal } from "./exchange.ts";
import { creation, NAMES_THE_FIELD, proxyBody } from "./proxy-dialogues.ts";
import { latencyBody } from "./toxic-dialogues.ts";

const UPSTREAM = "127.0.0.1:9";
const notFound = plain(404, "404 page not found\n");
const populate = (body: string) => ({ method: "POST", path: "/populate", body }) as const;
const proxyInput = (name: string, change: object = {}) => ({
  name,
  listen: "127.0.0.1:0",
  upstream: UPSTREAM,
  ...change,
});
const NO_NULL = "an empty list is still a list: clients iterate over it without a check";

function versionIs(version: string) {
  return { status: 200, contentType: "application/json;charset=utf-8", body: { version } };
}

/**
 * An error of `/populate`, which also lists the proxies that it created. Here Toxiproxy's
 * content type is right too.
 */
function populateRefusal(status: number, error: string | RegExp, proxies: readonly object[] | null) {
  return json(status, { error, status, proxies });
}

const SERVER: Dialogue = {
  title: "the server accepts known paths and methods only, and refuses browsers",
  exchanges: [
    {
      method: "GET",
      path: "/version",
      reply: versionIs("git"),
      ours: {
        reply: versionIs("2.12.0"),
        why: "the version of the released server: one that Go built from the module does not have it",
      },
    },
    {
      method: "GET",
      path: "/version",
      userAgent: "Mozilla/5.0 (X11; Linux x86_64)",
      reply: plain(403, "User agent not allowed\n"),
    },
    { method: "GET", path: "/nowhere", reply: notFound },
    { method: "GET", path: "/proxies/", reply: notFound },
    { method: "PUT", path: "/proxies", reply: empty(405) },
    { method: "DELETE", path: "/proxies", reply: empty(405) },
    { method: "GET", path: "/reset", reply: empty(405) },
    { method: "GET", path: "/populate", reply: empty(405) },
    {
      method: "GET",
      path: "//proxies",
      reply: empty(301),
      ours: { reply: notFound, why: "paths are taken literally; no client sends such a path" },
    },
    creation("a"),
    { method: "PUT", path: "/proxies/a", body: "{}", reply: empty(405) },
    { method: "PUT", path: "/proxies/a/toxics", body: "{}", reply: empty(405) },
    { method: "PUT", path: "/proxies/a/toxics/x", body: "{}", reply: empty(405) },
    { method: "POST", path: "/reset", body: "not looked at", reply: empty(204) },
  ],
};

const POPULATING: Dialogue = {
  title: "populate creates several proxies and returns them",
  exchanges: [
    {
      ...populate(JSON.stringify([proxyInput("a"), proxyInput("off", { enabled: false })])),
      reply: json(201, {
        proxies: [proxyBody("a"), proxyBody("off", { listen: "127.0.0.1:0", enabled: false })],
      }),
    },
    {
      ...populate(JSON.stringify([proxyInput("made"), proxyInput("taken", { listen: "CONTROL" })])),
      reply: populateRefusal(500, "listen tcp 127.0.0.1:PORT: bind: address already in use", [
        proxyBody("made"),
      ]),
      ours: {
        reply: populateRefusal(500, "listen tcp 127.0.0.1:PORT: bind: address already in use", []),
        why: "a list of which one proxy cannot be made changes nothing",
      },
    },
    {
      ...populate(JSON.stringify([proxyInput("with-toxic", { toxics: [{ type: "latency" }] })])),
      reply: json(201, { proxies: [proxyBody("with-toxic")] }),
      ours: {
        reply: json(201, {
          proxies: [proxyBody("with-toxic", { toxics: [latencyBody("latency_downstream")] })],
        }),
        why: "proxy and toxics are created together (Toxiproxy's issue 148)",
      },
    },
    {
      ...populate("[]"),
      reply: json(201, { proxies: null }),
      ours: { reply: json(201, { proxies: [] }), why: NO_NULL },
    },
  ],
};

const POPULATING_WRONGLY: Dialogue = {
  title: "populate creates nothing when one of its proxies is invalid",
  exchanges: [
    {
      ...populate(JSON.stringify([proxyInput("a"), { name: "b" }])),
      reply: populateRefusal(400, "missing required field: upstream at proxy 2", null),
      ours: { reply: populateRefusal(400, "missing required field: upstream at proxy 2", []), why: NO_NULL },
    },
    {
      ...populate(`[{"name":""}]`),
      reply: populateRefusal(400, "missing required field: name at proxy 1", null),
      ours: { reply: populateRefusal(400, "missing required field: name at proxy 1", []), why: NO_NULL },
    },
    {
      ...populate(""),
      reply: populateRefusal(400, "bad request body: EOF", null),
      ours: { reply: populateRefusal(400, "bad request body: EOF", []), why: NO_NULL },
    },
    {
      ...populate("{}"),
      reply: populateRefusal(400, /^bad request body: json: cannot unmarshal object/, null),
      ours: { reply: populateRefusal(400, /expected an array, got /, []), why: NAMES_THE_FIELD },
    },
    {
      ...populate("null"),
      reply: json(201, { proxies: null }),
      ours: {
        reply: populateRefusal(400, /expected an array, got null/, []),
        why: "null is not a list of proxies",
      },
    },
    { method: "GET", path: "/proxies", reply: json(200, {}) },
    { method: "GET", path: "/proxies/a", reply: refusal(404, "proxy not found") },
  ],
};

export const SERVER_DIALOGUES: readonly Dialogue[] = [SERVER, POPULATING, POPULATING_WRONGLY];
