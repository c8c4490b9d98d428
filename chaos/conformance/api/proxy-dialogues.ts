import { type Dialogue, type Exchange, empty, json, plain, refusal } from "./exchange.ts";

const UPSTREAM = "127.0.0.1:9";

/** Details that kanit's error messages have and Toxiproxy's lack. */
export const NAMES_THE_FIELD = "names the field, the expected value and the received one";
const OWN_JSON_WORDS = "the same refusal, in the wording of another JSON parser";

/** A proxy as the API returns it. */
export function proxyBody(name: string, change: object = {}): object {
  return { name, listen: "127.0.0.1:PORT", upstream: UPSTREAM, enabled: true, toxics: [], ...change };
}

/** Creates a proxy, the first step of every dialogue. */
export function creation(name: string): Exchange {
  const body = JSON.stringify({ name, listen: "127.0.0.1:0", upstream: UPSTREAM });
  return { method: "POST", path: "/proxies", body, reply: json(201, proxyBody(name)) };
}

const notFound = refusal(404, "proxy not found");
const post = (body: string) => ({ method: "POST", path: "/proxies", body }) as const;
const patch = (body: string) => ({ method: "PATCH", path: "/proxies/a", body }) as const;

const MANAGING: Dialogue = {
  title: "proxies are created, listed, shown, changed and removed",
  exchanges: [
    { method: "GET", path: "/proxies", reply: json(200, {}) },
    creation("a"),
    { ...post(`{"name":"a","upstream":"${UPSTREAM}"}`), reply: refusal(409, "proxy already exists") },
    { method: "GET", path: "/proxies", reply: json(200, { a: proxyBody("a") }) },
    { method: "GET", path: "/proxies/a", reply: json(200, proxyBody("a")) },
    { ...patch(`{"enabled":false}`), reply: json(200, proxyBody("a", { enabled: false })) },
    { ...patch(`{"enabled":true}`), method: "POST", reply: json(200, proxyBody("a")) },
    { ...patch("{}"), reply: json(200, proxyBody("a")) },
    { ...patch(`{"enabled":null}`), reply: json(200, proxyBody("a")) },
    { ...patch(`{"name":"z"}`), reply: json(200, proxyBody("a")) },
    { ...patch(`{"listen":"127.0.0.1:0"}`), reply: json(200, proxyBody("a")) },
    {
      ...patch(`{"upstream":"127.0.0.1:10"}`),
      reply: json(200, proxyBody("a", { upstream: "127.0.0.1:10" })),
    },
    { method: "DELETE", path: "/proxies/a", reply: empty(204) },
    { method: "DELETE", path: "/proxies/a", reply: notFound },
    { method: "GET", path: "/proxies/a", reply: notFound },
    { ...patch("{"), reply: notFound },
  ],
};

const LISTENING: Dialogue = {
  title: "a proxy listens at the given address",
  exchanges: [
    {
      ...post(`{"name":"off","listen":"127.0.0.1:0","upstream":"${UPSTREAM}","enabled":false}`),
      reply: json(201, proxyBody("off", { listen: "127.0.0.1:0", enabled: false })),
    },
    {
      ...post(`{"name":"named","listen":"localhost:0","upstream":"${UPSTREAM}"}`),
      reply: json(201, proxyBody("named")),
    },
    {
      ...post(`{"name":"v6","listen":"[::1]:0","upstream":"${UPSTREAM}"}`),
      reply: json(201, proxyBody("v6", { listen: "[::1]:PORT" })),
    },
    {
      ...post(`{"name":"every","listen":":0","upstream":"${UPSTREAM}"}`),
      reply: json(201, proxyBody("every", { listen: "[::]:PORT" })),
    },
    {
      ...post(`{"name":"zeroes","listen":"0.0.0.0:0","upstream":"${UPSTREAM}"}`),
      reply: json(201, proxyBody("zeroes", { listen: "[::]:PORT" })),
    },
    {
      ...post(`{"name":"portless","listen":"127.0.0.1:","upstream":"${UPSTREAM}"}`),
      reply: json(201, proxyBody("portless")),
    },
    {
      ...post(`{"name":"service","listen":"127.0.0.1:0","upstream":"127.0.0.1:https"}`),
      reply: json(201, proxyBody("service", { upstream: "127.0.0.1:https" })),
    },
    {
      ...post(`{"name":"unknown service","listen":"127.0.0.1:nosuchservice","upstream":"${UPSTREAM}"}`),
      reply: refusal(500, /unknown port/),
      ours: { reply: refusal(400, /"listen": expected host:port/), why: NAMES_THE_FIELD },
    },
    {
      ...post(`{"name":"anywhere","upstream":"${UPSTREAM}"}`),
      reply: json(201, proxyBody("anywhere", { listen: "[::]:PORT" })),
      ours: {
        reply: json(201, proxyBody("anywhere")),
        why: "nothing is opened to the network unless requested",
      },
    },
    {
      ...post(`{"name":"b","listen":"CONTROL","upstream":"${UPSTREAM}"}`),
      reply: refusal(500, "listen tcp 127.0.0.1:PORT: bind: address already in use"),
    },
    {
      ...post(`{"name":"b","listen":"nowhere","upstream":"${UPSTREAM}"}`),
      reply: refusal(500, "listen tcp: address nowhere: missing port in address"),
    },
    {
      ...post(`{"name":"b","listen":"127.0.0.1:99999","upstream":"${UPSTREAM}"}`),
      reply: refusal(500, "listen tcp: address 99999: invalid port"),
      ours: { reply: refusal(400, /"listen": expected host:port/), why: NAMES_THE_FIELD },
    },
  ],
};

const REFUSING: Dialogue = {
  title: "an invalid proxy is refused",
  exchanges: [
    { ...post(""), reply: refusal(400, "bad request body: EOF") },
    {
      ...post("{"),
      reply: refusal(400, "bad request body: unexpected EOF"),
      ours: { reply: refusal(400, /^bad request body: /), why: OWN_JSON_WORDS },
    },
    {
      ...post("[]"),
      reply: refusal(400, /^bad request body: json: cannot unmarshal array/),
      ours: { reply: refusal(400, /expected an object, got/), why: NAMES_THE_FIELD },
    },
    {
      ...post("null"),
      reply: refusal(400, "missing required field: name"),
      ours: { reply: refusal(400, /expected an object, got null/), why: NAMES_THE_FIELD },
    },
    { ...post("{}"), reply: refusal(400, "missing required field: name") },
    { ...post(`{"name":"b"}`), reply: refusal(400, "missing required field: upstream") },
    {
      ...post(`{"name":5}`),
      reply: refusal(400, /cannot unmarshal number into Go struct field Proxy.name/),
      ours: { reply: refusal(400, /"name": expected a string, got 5/), why: NAMES_THE_FIELD },
    },
    {
      ...post(`{"name":"b","upstream":"${UPSTREAM}","enabled":"yes"}`),
      reply: refusal(400, /cannot unmarshal string into Go struct field Proxy.enabled/),
      ours: { reply: refusal(400, /"enabled": expected true or false, got "yes"/), why: NAMES_THE_FIELD },
    },
    {
      ...post(`{"name":"b","upstream":"nowhere"}`),
      reply: json(201, proxyBody("b", { listen: "[::]:PORT", upstream: "nowhere" })),
      ours: {
        reply: refusal(400, /"upstream": expected host:port/),
        why: "a link without a valid upstream is refused at creation, not at its first connection",
      },
    },
    {
      ...post(`{"name":"c","listen":"127.0.0.1:0","upstream":"${UPSTREAM}","upstraem":"x"}`),
      reply: json(201, proxyBody("c")),
    },
    {
      ...post(`{"Name":"d","listen":"127.0.0.1:0","upstream":"${UPSTREAM}"}`),
      reply: json(201, proxyBody("d")),
    },
    {
      ...post(`{"name":"e","listen":"127.0.0.1:0","upstream":"${UPSTREAM}"} and more`),
      reply: json(201, proxyBody("e")),
      ours: {
        reply: refusal(400, /^bad request body: /),
        why: "a body that is not entirely JSON is refused",
      },
    },
  ],
};

const CHANGING_WRONGLY: Dialogue = {
  title: "an invalid change has no effect",
  exchanges: [
    creation("a"),
    { ...patch(""), reply: refusal(400, "bad request body: EOF") },
    {
      ...patch("{"),
      reply: refusal(400, "bad request body: unexpected EOF"),
      ours: { reply: refusal(400, /^bad request body: /), why: OWN_JSON_WORDS },
    },
    {
      ...patch(`{"listen":"nowhere"}`),
      reply: refusal(500, "address nowhere: missing port in address"),
      ours: { reply: refusal(400, /"listen": expected host:port/), why: NAMES_THE_FIELD },
    },
    {
      ...patch(`{"upsteram":"x"}`),
      reply: json(200, proxyBody("a")),
    },
    {
      ...patch(`{"upstream":""}`),
      reply: json(200, proxyBody("a", { upstream: "" })),
      ours: { reply: json(200, proxyBody("a")), why: "an empty text leaves a field as it is" },
    },
    {
      ...patch(`{"upstream":"${UPSTREAM}","listen":""}`),
      reply: json(200, proxyBody("a", { listen: "[::]:PORT" })),
      ours: { reply: json(200, proxyBody("a")), why: "an empty text leaves a field as it is" },
    },
  ],
};

const NAMING: Dialogue = {
  title: "a proxy's name may hold any character",
  exchanges: [
    creation("sipariş hattı"),
    {
      method: "GET",
      path: encodeURI("/proxies/sipariş hattı"),
      reply: json(200, proxyBody("sipariş hattı")),
    },
    creation("a/b"),
    {
      method: "GET",
      path: "/proxies/a%2Fb",
      reply: plain(404, "404 page not found\n"),
      ours: {
        reply: json(200, proxyBody("a/b")),
        why: "any proxy that can be created can be shown and removed",
      },
    },
  ],
};

export const PROXY_DIALOGUES: readonly Dialogue[] = [MANAGING, LISTENING, REFUSING, CHANGING_WRONGLY, NAMING];
