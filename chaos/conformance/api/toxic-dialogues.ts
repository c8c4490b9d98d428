import { type Dialogue, type Exchange, empty, json, refusal } from "./exchange.ts";
import { creation, NAMES_THE_FIELD, proxyBody } from "./proxy-dialogues.ts";

const TOXICS = "/proxies/a/toxics";
const add = (body: string) => ({ method: "POST", path: TOXICS, body }) as const;
const patch = (toxic: string, body: string) =>
  ({ method: "PATCH", path: `${TOXICS}/${toxic}`, body }) as const;
const proxyNotFound = refusal(404, "proxy not found");
const toxicNotFound = refusal(404, "toxic not found");

/** A `latency` toxic as the API returns it. */
export function latencyBody(name: string, change: object = {}): object {
  return {
    attributes: { latency: 0, jitter: 0 },
    name,
    type: "latency",
    stream: "downstream",
    toxicity: 1,
    ...change,
  };
}

const DEFAULTS: ReadonlyMap<string, object> = new Map(
  Object.entries({
    latency: { latency: 0, jitter: 0 },
    bandwidth: { rate: 0 },
    slow_close: { delay: 0 },
    timeout: { timeout: 0 },
    reset_peer: { timeout: 0 },
    slicer: { average_size: 0, size_variation: 0, delay: 0 },
    limit_data: { bytes: 0 },
  }),
);

/** Each kind of toxic on each stream: created with its default name and attributes, read and removed. */
function kindExchanges(): Exchange[] {
  return [...DEFAULTS].flatMap(([type, attributes]) =>
    ["downstream", "upstream"].flatMap((stream) => {
      const name = `${type}_${stream}`;
      const reply = json(200, { attributes, name, type, stream, toxicity: 1 });
      const request = stream === "downstream" ? { type } : { type, stream };
      return [
        { ...add(JSON.stringify(request)), reply: reply },
        { method: "GET", path: `${TOXICS}/${name}`, reply: reply },
        { method: "DELETE", path: `${TOXICS}/${name}`, reply: empty(204) },
      ];
    }),
  );
}

const KINDS: Dialogue = {
  title: "every kind of toxic has Toxiproxy's name, attributes and defaults, on both streams",
  exchanges: [creation("a"), ...kindExchanges(), { method: "GET", path: TOXICS, reply: json(200, []) }],
};

const MANAGING: Dialogue = {
  title: "toxics are added, listed upstream first, changed in part and removed",
  exchanges: [
    creation("a"),
    { ...add(`{"type":"latency"}`), reply: json(200, latencyBody("latency_downstream")) },
    { ...add(`{"type":"latency"}`), reply: refusal(409, "toxic already exists") },
    {
      ...add(`{"type":"latency","name":"latency_downstream","stream":"upstream"}`),
      reply: refusal(409, "toxic already exists"),
    },
    {
      ...add(`{"type":"latency","name":"up","stream":"upstream","toxicity":0.5}`),
      reply: json(200, latencyBody("up", { stream: "upstream", toxicity: 0.5 })),
    },
    {
      method: "GET",
      path: TOXICS,
      reply: json(200, [
        latencyBody("up", { stream: "upstream", toxicity: 0.5 }),
        latencyBody("latency_downstream"),
      ]),
    },
    {
      ...patch("up", `{"attributes":{"latency":5,"jitter":2}}`),
      reply: json(
        200,
        latencyBody("up", { stream: "upstream", toxicity: 0.5, attributes: { latency: 5, jitter: 2 } }),
      ),
    },
    {
      ...patch("up", `{"attributes":{"jitter":3},"toxicity":0.25}`),
      method: "POST",
      reply: json(
        200,
        latencyBody("up", { stream: "upstream", toxicity: 0.25, attributes: { latency: 5, jitter: 3 } }),
      ),
    },
    {
      ...patch("latency_downstream", `{"name":"other","type":"timeout","stream":"upstream"}`),
      reply: json(200, latencyBody("latency_downstream")),
    },
    { ...patch("latency_downstream", "{}"), reply: json(200, latencyBody("latency_downstream")) },
    { method: "DELETE", path: `${TOXICS}/up`, reply: empty(204) },
    {
      method: "GET",
      path: "/proxies/a",
      reply: json(200, proxyBody("a", { toxics: [latencyBody("latency_downstream")] })),
    },
    { method: "POST", path: "/reset", body: "", reply: empty(204) },
    { method: "GET", path: "/proxies/a", reply: json(200, proxyBody("a")) },
  ],
};

const MISSING: Dialogue = {
  title: "a toxic or proxy that does not exist is not found, whatever the body",
  exchanges: [
    { method: "GET", path: TOXICS, reply: proxyNotFound },
    { ...add("{"), reply: proxyNotFound },
    { ...patch("x", "{"), reply: proxyNotFound },
    { method: "DELETE", path: `${TOXICS}/x`, reply: proxyNotFound },
    creation("a"),
    { method: "GET", path: `${TOXICS}/x`, reply: toxicNotFound },
    { ...patch("x", "{}"), reply: toxicNotFound },
    { ...patch("x", "{"), reply: toxicNotFound },
    { method: "DELETE", path: `${TOXICS}/x`, reply: toxicNotFound },
  ],
};

const NUMBERS: Dialogue = {
  title: "a toxic's numbers are whole numbers",
  exchanges: [
    creation("a"),
    {
      ...add(`{"type":"latency","name":"1","attributes":{"latency":1.5}}`),
      reply: refusal(400, /cannot unmarshal number 1.5 into Go struct field/),
      ours: { reply: refusal(400, /"latency": expected a whole number/), why: NAMES_THE_FIELD },
    },
    {
      ...add(`{"type":"latency","name":"2","attributes":{"latency":"5"}}`),
      reply: refusal(400, /cannot unmarshal string into Go struct field/),
      ours: { reply: refusal(400, /"latency": expected a whole number/), why: NAMES_THE_FIELD },
    },
    {
      ...add(`{"type":"latency","name":"3","toxicity":"1"}`),
      reply: refusal(400, /cannot unmarshal string into Go struct field/),
      ours: { reply: refusal(400, /"toxicity": expected a number/), why: NAMES_THE_FIELD },
    },
    {
      ...add(`{"type":"latency","name":"4","attributes":{"latency":-5}}`),
      reply: json(200, latencyBody("4", { attributes: { latency: -5, jitter: 0 } })),
      ours: {
        reply: refusal(400, /"latency": expected a whole number of at least 0, got -5/),
        why: "a negative time or size is invalid",
      },
    },
    {
      ...add(`{"type":"latency","name":"5","toxicity":-1}`),
      reply: json(200, latencyBody("5", { toxicity: -1 })),
      ours: {
        reply: refusal(400, /"toxicity": expected a number of at least 0, got -1/),
        why: "a negative share is invalid",
      },
    },
    {
      ...add(`{"type":"latency","name":"6","attributes":{"latency":1e3}}`),
      reply: refusal(400, /cannot unmarshal number 1e3 into Go struct field/),
      ours: {
        reply: json(200, latencyBody("6", { attributes: { latency: 1_000, jitter: 0 } })),
        why: "JSON makes no difference between 1e3 and 1000",
      },
    },
    {
      ...add(`{"type":"latency","name":"7","attributes":null}`),
      reply: json(200, latencyBody("7")),
    },
    {
      ...add(`{"type":"latency","name":"8","toxicity":0}`),
      reply: json(200, latencyBody("8", { toxicity: 0 })),
    },
  ],
};

const REFUSING: Dialogue = {
  title: "an invalid toxic is refused",
  exchanges: [
    creation("a"),
    { ...add(""), reply: refusal(400, "bad request body: EOF") },
    { ...add("{}"), reply: refusal(400, "invalid toxic type") },
    { ...add(`{"type":"x"}`), reply: refusal(400, "invalid toxic type") },
    {
      ...add(`{"type":"latency","stream":"x"}`),
      reply: refusal(400, "stream was invalid, can be either upstream or downstream"),
    },
    {
      ...add(`{"type":"latency","stream":""}`),
      reply: refusal(400, "stream was invalid, can be either upstream or downstream"),
    },
    {
      ...add(`{"type":"noop"}`),
      reply: json(200, {
        attributes: {},
        name: "noop_downstream",
        type: "noop",
        stream: "downstream",
        toxicity: 1,
      }),
      ours: { reply: refusal(400, "invalid toxic type"), why: "a toxic without effect proves nothing" },
    },
    {
      ...add(`{"type":"latency","name":"up","stream":"UpStream"}`),
      reply: json(200, latencyBody("up", { stream: "UpStream" })),
      ours: {
        reply: json(200, latencyBody("up", { stream: "upstream" })),
        why: "accepted in any case and shown in lower case, so that default names cannot differ by case alone",
      },
    },
    {
      ...add(`{"type":"latency","name":"1","attributes":{"latncy":300}}`),
      reply: json(200, latencyBody("1")),
    },
    {
      ...add(`{"Type":"latency","NAME":"any case","Attributes":{"Latency":300}}`),
      reply: json(200, latencyBody("any case", { attributes: { latency: 300, jitter: 0 } })),
    },
    {
      ...add(`{"type":"latency","name":"2","atributes":{"latency":300}}`),
      reply: json(200, latencyBody("2")),
    },
    {
      ...patch("up", `{"attributes":{"latency":"x"}}`),
      reply: refusal(400, /cannot unmarshal string into Go struct field/),
      ours: { reply: refusal(400, /"latency": expected a whole number/), why: NAMES_THE_FIELD },
    },
    { ...patch("up", ""), reply: refusal(400, "bad request body: EOF") },
  ],
};

export const TOXIC_DIALOGUES: readonly Dialogue[] = [KINDS, MANAGING, MISSING, NUMBERS, REFUSING];
