import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { startFaultProxy } from "../../../chaos/proxy/fault-proxy.ts";
import { TOXIC_TYPES } from "../../../chaos/proxy/toxics/registry.ts";
import { type FuzzTarget, SHARES, slowTarget } from "../fuzz-target.ts";
import { HttpCaller, shownBy } from "../http-caller.ts";
import { shapesOf } from "../json-shapes.ts";
import { TOXIC_SHAPES } from "./toxic-shapes.ts";

const JSON_TYPE = { "content-type": "application/json" };
const LINK = { name: "l", listen: "127.0.0.1:0", upstream: "127.0.0.1:1", enabled: true };
const ROUTES: readonly (readonly [string, readonly unknown[]])[] = [
  ["POST /proxies", [LINK]],
  ["POST /populate", [[LINK, { ...LINK, name: "m" }]]],
  ["PATCH /proxies/l", [{ enabled: false }, { upstream: "127.0.0.1:2", listen: "127.0.0.1:0" }]],
  ["POST /proxies/l", [{ enabled: true }]],
  ["DELETE /proxies/l", [{}]],
  ["POST /proxies/link/toxics", TOXIC_SHAPES],
  ["PATCH /proxies/link/toxics/t", TOXIC_SHAPES],
  ["POST /proxies/link/toxics/t", TOXIC_SHAPES],
  ["DELETE /proxies/link/toxics/t", [{}]],
  ["GET /proxies/link/toxics/__proto__", [{}]],
  ["POST /leases", [{ owner: "me", ttlMs: 100 }]],
  ["POST /leases/x/renew", [{}]],
  ["DELETE /leases/x", [{}]],
  ["POST /kanit/restart", [{ seed: 1 }]],
  ["POST /reset", [{}]],
  ...[
    "/version",
    "/metrics",
    "/proxies",
    "/proxies/link",
    "/leases",
    "/kanit/bites",
    "/kanit/decisions",
    "/%00",
    "//",
  ].map((path) => [`GET ${path}`, [{}]] as const),
];
const controlCall = fc.oneof(
  ...ROUTES.map(([route, bodies]) => shapesOf(...bodies).map((body) => `${route}\n${body}`)),
);

const HTTP_UP = [
  "GET /a HTTP/1.1\r\nHost: x\r\n\r\n",
  "POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\n\r\n",
  "PUT / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc",
];
const HTTP_DOWN = [
  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nT: x\r\n\r\n",
  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
];
const PG_UP = [
  "\0\0\0\x08\x04\xd2\x16\x2f",
  "\0\0\0\x12\0\x03\0\0user\0spark\0\0",
  "Q\0\0\0\x0dCOMMIT;\0\0",
  "P\0\0\0\x10s\0SELECT $1\0\0\0",
  "S\0\0\0\x04",
];
const PG_DOWN = [
  "N",
  "R\0\0\0\x08\0\0\0\0",
  "Z\0\0\0\x05I",
  "C\0\0\0\x0bCOMMIT\0",
  "T\0\0\0\x06\0\0",
  "D\0\0\0\x06\0\0",
];
const WS_UP = [
  "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
  "\x81\x82abcd\x09\x0b",
  "\x89\x80abcd",
];
const deflated = (text: string) => {
  const body = deflateRawSync(text).toString("latin1");
  return `\xc1${String.fromCharCode(body.length)}${body}`;
};
const WS_DOWN = [
  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
  "\x81\x02hi",
  "\x88\x02\x03\xe8",
  "\x01\x01a\x80\x01b",
  "\x82\x7e\0\x03abc",
  "\xc1\x05\xff\xff\xff\xff\xff",
  deflated("hello"),
  deflated('{"e":"trade"}'),
];
const ODD_BYTES = [
  "\0",
  "\xff",
  "\0\0\0\x04",
  "\x7f\xff\xff\xff",
  "\r\n\r\n",
  "\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff",
  "x".repeat(9_000),
];

/** What one side sends: messages of a protocol in order, some left out, doubled, cut off or replaced by odd bytes. */
function spoken(pieces: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...pieces) },
    { weight: 1, arbitrary: fc.constantFrom(...ODD_BYTES) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom(...pieces), fc.nat(40)).map(([text, at]) => text.slice(0, at)),
    },
  );
  return fc
    .tuple(fc.boolean(), fc.array(piece, { maxLength: 6 }))
    .map(([opens, more]) => [opens ? (pieces[0] ?? "") : "", ...more].join(""));
}

const PROTOCOLS = [
  ["http", HTTP_UP, HTTP_DOWN],
  ["postgres", PG_UP, PG_DOWN],
  ["websocket", WS_UP, WS_DOWN],
  ["raw", ODD_BYTES, ODD_BYTES],
] as const;

const ANY_TOXIC = fc.constantFrom(...TOXIC_TYPES.keys());

/** How long a connection may go on: some toxics hold it for ever. */
const CONNECTION_MS = 20;

/** The fault proxy's own sockets: its control API by each of its routes, and links by what flows through them. */
export const proxySocketTargets: readonly FuzzTarget[] = [
  slowTarget("proxy-control", SHARES.sockets, controlCall, openControl),
  ...PROTOCOLS.map(([protocol, up, down]) =>
    slowTarget(
      `proxy-data-${protocol}`,
      SHARES.sockets,
      fc
        .tuple(ANY_TOXIC, fc.constantFrom("upstream", "downstream"), spoken(up), spoken(down), fc.nat())
        .map((parts) => JSON.stringify(parts)),
      openLink,
    ),
  ),
];

async function openControl() {
  const proxy = await startFaultProxy({ port: 0, seed: 1, fence: { kind: "loopback", allowedHosts: [] } });
  const caller = new HttpCaller(proxy.url);
  const link = { ...LINK, name: "link" };
  const post = (path: string, body: unknown) =>
    caller.send({ method: "POST", path, headers: JSON_TYPE, body: JSON.stringify(body) });
  let calls = 0;
  return {
    read: async (input: string) => {
      calls += 1;
      if (calls % 200 === 1) await emptied(caller).then(() => post("/populate", [link, LINK]));
      const [route = "", ...body] = input.split("\n");
      const [method = "", path = ""] = route.split(" ");
      return shownBy(await caller.send({ method, path, headers: JSON_TYPE, body: body.join("\n") }));
    },
    [Symbol.asyncDispose]: async () => {
      caller.close();
      await proxy.stop();
    },
  };
}

async function emptied(caller: HttpCaller): Promise<void> {
  const listed = await caller.send({ method: "GET", path: "/proxies" });
  for (const name of Object.keys(JSON.parse(listed?.text ?? "{}"))) {
    await caller.send({ method: "DELETE", path: `/proxies/${encodeURIComponent(name)}`, headers: JSON_TYPE });
  }
}

async function openLink() {
  let answer = Buffer.alloc(0);
  const ends = new Set<Socket>();
  const origin = createServer((socket) => {
    ends.add(socket);
    socket.on("error", () => undefined).on("close", () => ends.delete(socket));
    socket.resume();
    socket.end(answer);
  });
  origin.listen(0, "127.0.0.1");
  await once(origin, "listening");
  const upstream = `127.0.0.1:${(origin.address() as AddressInfo).port}`;
  const proxy = await startFaultProxy({ port: 0, seed: 1 });
  const caller = new HttpCaller(proxy.url);
  const call = (method: string, path: string, body: unknown = {}) =>
    caller.send({ method, path, headers: JSON_TYPE, body: JSON.stringify(body) });
  const made = await call("POST", "/proxies", { name: "link", listen: "127.0.0.1:0", upstream });
  const port = Number(/"listen":"127\.0\.0\.1:(\d+)"/.exec(made?.text ?? "")?.[1]);
  return {
    read: async (input: string) => {
      const [type, stream, up, down, parts] = JSON.parse(input) as [string, string, string, string, number];
      answer = Buffer.from(down, "latin1");
      const added = await call("POST", "/proxies/link/toxics", { name: "t", type, stream });
      const socket = connect({ host: "127.0.0.1", port });
      socket.on("error", () => undefined);
      let received = "";
      socket.on("data", (data) => {
        received += data.toString("latin1");
      });
      const bytes = Buffer.from(up, "latin1");
      const cut = parts % (bytes.length + 1);
      socket.write(bytes.subarray(0, cut));
      setImmediate(() => socket.end(bytes.subarray(cut)));
      await Promise.race([new Promise((resolve) => socket.once("close", resolve)), delay(CONNECTION_MS)]);
      socket.destroy();
      for (const end of ends) end.destroy();
      const removed = await call("DELETE", "/proxies/link/toxics/t");
      return `${shownBy(added)}${shownBy(removed)}${received}`;
    },
    [Symbol.asyncDispose]: async () => {
      caller.close();
      await proxy.stop();
      origin.close();
    },
  };
}
