import fc from "fast-check";
import { completeFault } from "../../../chaos/faults/parse-fault.ts";
import { FAULT_KINDS } from "../../../chaos/faults/registry.ts";
import { ApiError } from "../../../chaos/proxy/api/api-error.ts";
import { strictNotes } from "../../../chaos/proxy/api/input-notes.ts";
import { parseJson } from "../../../chaos/proxy/api/json-input.ts";
import { readLeaseOptions } from "../../../chaos/proxy/api/lease-input.ts";
import { readLink, readLinks, readLinkUpdate } from "../../../chaos/proxy/api/proxy-input.ts";
import { readToxic } from "../../../chaos/proxy/api/toxic-input.ts";
import { StageBench } from "../../../chaos/proxy/protocols/http/testing/stage-bench.ts";
import { PairHarness } from "../../../chaos/proxy/protocols/pg/testing/pair-harness.ts";
import { startStage } from "../../../chaos/proxy/protocols/ws/test-stage.ts";
import { TOXIC_TYPES } from "../../../chaos/proxy/toxics/registry.ts";
import { judgeControlRequest, STRICT_CONTROL_GUARD } from "../../../core/control-guard.ts";
import { answerControl, type ControlCommands } from "../../../exchanges/control/control-api.ts";
import { parseJson as exchangeJson } from "../../../exchanges/json-text.ts";
import { ResponseParser } from "../../../load/http/response-parser.ts";
import { ResponseSyntaxError } from "../../../load/http/response-syntax-error.ts";
import { type FuzzTarget, jsonNear, target, textsNear } from "../fuzz-target.ts";
import { shapesOf } from "../json-shapes.ts";
import { TOXIC_SHAPES } from "./toxic-shapes.ts";

const LINK = {
  name: ["api", "a/b"],
  listen: ["127.0.0.1:0", "[::1]:1", "x"],
  upstream: ["127.0.0.1:1", "evil.example:80"],
  enabled: [true, false],
};
const ATTRIBUTES = {
  latency: [5],
  jitter: [1],
  rate: [1],
  pattern: ["a", "(a+)+$", "("],
  share: [0.5],
  status: [500],
  body: ["x"],
  bytes: [1],
  count: [1],
};
const attributes = [
  {},
  ...Object.entries(ATTRIBUTES).flatMap(([name, values]) => values.map((value) => ({ [name]: value }))),
];
const TOXIC = {
  type: [...TOXIC_TYPES.keys()],
  name: ["t", ""],
  stream: ["upstream", "downstream", "sideways"],
  toxicity: [1, 0, 2],
  attributes,
};
const FAULT = {
  kind: Object.keys(FAULT_KINDS),
  link: ["api", "postgres", "nowhere"],
  latencyMs: [5],
  jitterMs: [1],
  pattern: ["(a+)+$"],
  connections: [1],
  table: ["orders"],
};
const FAULT_SHAPES = [
  { kind: "latency", link: "postgres", latencyMs: 300, jitterMs: 20 },
  ...Object.keys(FAULT_KINDS).map((kind) => ({
    kind,
    link: kind.startsWith("ws") ? "binance-ws" : "postgres",
  })),
];
const toxicNames = (prefix: string) => [...TOXIC_TYPES.keys()].filter((name) => name.startsWith(prefix));
const parts = (text: string) =>
  [text.slice(0, text.length / 3), text.slice(text.length / 3)].map((part) => Buffer.from(part, "latin1"));

const REQUESTS = [
  "GET /a HTTP/1.1\r\nHost: x\r\n\r\n",
  "POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\n\r\n",
  "PUT / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc",
];
const REPLIES = [
  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nT: x\r\n\r\n",
  "HTTP/1.1 101 X\r\nUpgrade: websocket\r\n\r\n",
];
const HTTP_WORDS = [
  "GET ",
  "POST ",
  "/",
  " HTTP/1.1",
  "\r\n",
  "\n",
  ": ",
  "Content-Length",
  "Transfer-Encoding",
  "chunked",
  "0",
  "-1",
  "ffffffffffffffff",
  "HTTP/1.1 200 OK\r\n",
  "Upgrade: websocket\r\n",
  "Connection: close\r\n",
];
const PG = [
  "\0\0\0\x08\x04\xd2\x16\x2f",
  "\0\0\0\x12\0\x03\0\0user\0spark\0\0",
  "Q\0\0\0\x0dCOMMIT;\0\0",
  "P\0\0\0\x10s\0SELECT $1\0\0\0",
  "R\0\0\0\x08\0\0\0\0",
  "Z\0\0\0\x05I",
  "C\0\0\0\x0bCOMMIT\0",
  "T\0\0\0\x06\0\0",
];
const FRAMES = [
  "\x81\x02hi",
  "\x81\x82abcd\x09\x0b",
  "\x88\x02\x03\xe8",
  "\x89\0",
  "\x01\x01a\x80\x01b",
  "\x82\x7e\0\x03abc",
  "\x81\x7f\0\0\0\0\0\0\0\x01a",
  "\xc1\x01x",
];
const UPGRADED = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
const bytes = (pieces: readonly string[]) =>
  textsNear([...pieces, "\0", "\xff", "\0\0\0\x04", "\x7f\xff\xff\xff"], [pieces.join(""), ...pieces]);
const commands: ControlCommands = {
  reset: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
  tape: "playing",
  bestPrices: { now: () => ({}) } as never,
  silences: [],
  token: null,
};

/** Network input: bodies and heads of control APIs, and the protocols that are parsed on links. */
export const proxyTargets: readonly FuzzTarget[] = [
  target("proxy-link", jsonNear(LINK), (text) => readLink(parseJson(text), strictNotes()), isApiError),
  target(
    "proxy-links",
    jsonNear(LINK).map((text) => `[${text},${text}]`),
    (text) => readLinks(parseJson(text), strictNotes()),
    isApiError,
  ),
  target(
    "proxy-link-update",
    jsonNear(LINK),
    (text) => readLinkUpdate(parseJson(text), strictNotes()),
    isApiError,
  ),
  target("proxy-toxic", jsonNear(TOXIC), (text) => readToxic(parseJson(text), strictNotes()), isApiError),
  target(
    "proxy-lease",
    jsonNear({ owner: ["me", "x".repeat(300)], ttlMs: [100, 0, 1e9, 0.5] }),
    (text) => readLeaseOptions(parseJson(text)),
    isApiError,
  ),
  target(
    "proxy-toxic-shapes",
    shapesOf(...TOXIC_SHAPES),
    (text) => readToxic(parseJson(text), strictNotes()),
    isApiError,
  ),
  target("fault-shapes", shapesOf(...FAULT_SHAPES), (text) => completeFault(objectOf(text))),
  target("fault", jsonNear(FAULT), (text) => completeFault(objectOf(text))),
  target(
    "control-guard",
    jsonNear({
      host: ["127.0.0.1:1", "evil.example", "[::1"],
      origin: ["null", "http://x"],
      "sec-fetch-site": ["none", "cross-site"],
      "content-type": ["application/json", "text/plain", ";"],
      "content-length": ["0", "1"],
    }),
    (text) => judgeControlRequest({ method: "POST", headers: objectOf(text) as never }, STRICT_CONTROL_GUARD),
  ),
  target(
    "venue-control",
    fc
      .tuple(
        fc.constantFrom("/reset", "/pause", "/books", "/venues/__proto__/orders", "/venues/binance", "//"),
        jsonNear({ seed: [1, -1, 0.5] }),
      )
      .map(([path, body]) => `${path} ${body}`),
    (text) => {
      const [path = "", body = ""] = [text.slice(0, text.indexOf(" ")), text.slice(text.indexOf(" ") + 1)];
      const headers = { host: "127.0.0.1", "content-type": "application/json" };
      answerControl({}, { method: "POST", path, query: "", body, headers }, commands);
    },
  ),
  target("stub-json", jsonNear({ method: ["SUBSCRIBE"], params: [[]], id: [1] }), exchangeJson),
  ...toxicNames("http_").map((name) => {
    const type = TOXIC_TYPES.get(name);
    return target(
      name,
      fc
        .tuple(textsNear(HTTP_WORDS, REQUESTS), textsNear(HTTP_WORDS, REPLIES))
        .map((pair) => pair.join("\u0100")),
      (text) => {
        const [up = "", down = ""] = text.split("\u0100");
        if (type === undefined) throw new TypeError(name);
        const bench = new StageBench(type, {});
        bench.request(...parts(up)).reply(...parts(down));
        bench.release();
      },
    );
  }),
  ...toxicNames("pg_").map((name) => {
    const type = TOXIC_TYPES.get(name);
    return target(
      name,
      fc.tuple(bytes(PG), bytes(PG)).map((pair) => pair.join("\u0100")),
      (text) => {
        const [up = "", down = ""] = text.split("\u0100");
        if (type === undefined) throw new TypeError(name);
        const harness = new PairHarness(type, {}, up.length % 2 === 0 ? "from-start" : "midway");
        harness.push("upstream", parts(up));
        harness.push("downstream", parts(down));
        harness.release();
      },
    );
  }),
  ...toxicNames("ws_")
    .filter((name) => TOXIC_TYPES.get(name)?.works === "one-way")
    .map((name) =>
      target(name, bytes(FRAMES), (text) => {
        const { stage } = startStage(name, {}, text.length % 2 === 0 ? "from-start" : "midway");
        for (const part of [Buffer.from(UPGRADED), ...parts(text)]) stage.push(part);
        stage.release();
      }),
    ),
  target(
    "load-response",
    textsNear(HTTP_WORDS, REPLIES),
    (text) => {
      const parser = new ResponseParser("GET");
      for (const part of parts(text)) if (parser.push(part) !== undefined) return;
      parser.end();
    },
    (error) => error instanceof ResponseSyntaxError,
  ),
];

/** The control API answers it. */
function isApiError(error: unknown): boolean {
  return error instanceof ApiError;
}

function objectOf(text: string): { readonly kind: string } {
  try {
    const value: unknown = JSON.parse(text);
    return (typeof value === "object" && value !== null ? value : {}) as { readonly kind: string };
  } catch {
    return { kind: text };
  }
}
