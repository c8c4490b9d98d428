import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { FAULT_PROXY_GUARD } from "../core/index.ts";
import { guardedForward } from "./guarded-forward.ts";

const TOKEN = "token-of-this-test-0000";
const POLICY = { ...FAULT_PROXY_GUARD, token: TOKEN };
const open: Server[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** A control API that does whatever anybody asks, as Toxiproxy's, and a guarded port before it. */
async function guarded() {
  const asked: string[] = [];
  const target = createServer(async (request, response) => {
    const { method, url, headers } = request;
    asked.push(`${method} ${url} ${await text(request)} ${headers.host} ${headers.authorization}`);
    response.writeHead(201, { "x-from": "target" }).end("done");
  });
  open.push(target);
  target.listen(0, "127.0.0.1");
  await once(target, "listening");
  const { port } = target.address() as AddressInfo;
  const server = await guardedForward(0, port, POLICY);
  open.push(server);
  return { asked, port, target, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe("a control API behind the doorway's guard", () => {
  it("is asked what whoever shows the token asks, and answers, without hearing the token", async () => {
    const { asked, port, url } = await guarded();
    const headers = { authorization: `Bearer ${TOKEN}` };
    const answer = await fetch(`${url}/proxies?x=1`, { method: "POST", headers, body: "{}" });
    expect([answer.status, answer.headers.get("x-from"), await answer.text()]).toEqual([
      201,
      "target",
      "done",
    ]);
    expect(asked).toEqual([`POST /proxies?x=1 {} 127.0.0.1:${port} undefined`]);
  });

  it.each<[string, Record<string, string>, number]>([
    ["without the token", {}, 401],
    ["with another token", { authorization: "Bearer guessed" }, 401],
    ["of a page", { authorization: `Bearer ${TOKEN}`, origin: "https://evil.example" }, 403],
  ])("is not asked what comes %s", async (_, headers, status) => {
    const { asked, url } = await guarded();
    const answer = await fetch(`${url}/reset`, { method: "POST", headers });
    expect(answer.status).toBe(status);
    expect((await answer.text()).trim().split("\n")).toHaveLength(1);
    expect(asked).toEqual([]);
  });

  it("is read by health checks and scrapes", async () => {
    const { asked, url } = await guarded();
    expect((await fetch(`${url}/metrics`)).status).toBe(201);
    expect(asked).toHaveLength(1);
  });

  it("is told to be away when it is", async () => {
    const { target, url } = await guarded();
    target.close();
    await once(target, "close");
    const answer = await fetch(`${url}/version`);
    expect([answer.status, await answer.text()]).toEqual([502, expect.stringContaining("does not answer")]);
  });
});
