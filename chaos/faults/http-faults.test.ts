import { describe, expect, it } from "vitest";
import { HttpRig } from "../proxy/protocols/http/testing/http-rig.ts";
import { injectFault } from "./inject-fault.ts";
import { parseFault } from "./parse-fault.ts";
import { faultLabel } from "./registry.ts";

const inject = (rig: HttpRig, kind: string, ...pairs: string[]) =>
  injectFault(parseFault("link", kind, pairs), {
    proxy: rig.client,
    databaseUrlOf: () => "postgres://nobody@127.0.0.1:9/none",
    venueControlUrl: "http://127.0.0.1:9",
    processes: null,
    clients: null,
    ownFaults: [],
  });

/** Status and body, or that no answer came. */
const ask = (rig: HttpRig, path: string) =>
  fetch(`${rig.url}${path}`, { method: "POST" }).then(
    async (reply) => `${reply.status} ${await reply.text().catch(() => "cut off")}`,
    () => "no reply",
  );

describe("an http fault on a real fault proxy", () => {
  it.each([
    ["http-answer", ["status=418", "headers=X-Why: test", "body=no"], "418 no", 1],
    ["http-reply-lost", ["how=close"], "no reply", 2],
    ["http-body-truncated", ["bodyBytes=3"], "200 cut off", 2],
    ["http-reply-delay", ["delayMs=1"], "200 POST /b 0", 2],
  ] as const)("%s affects the chosen request, counts it, and heals", async (kind, pairs, met, seen) => {
    await using rig = await HttpRig.start();
    const active = await inject(rig, kind, "method=POST", "path=^/b$", "nth=1", ...pairs);
    expect(await active.bite()).toEqual({ kind: "counted", connections: 0, bytes: 0, messages: 0 });
    expect([await ask(rig, "/a"), await ask(rig, "/b")]).toEqual(["200 POST /a 0", met]);
    expect(rig.seen).toHaveLength(seen);
    expect(await active.bite()).toMatchObject({ kind: "counted", connections: 1, messages: 1 });
    await active.heal();
    expect(await ask(rig, "/b")).toBe("200 POST /b 0");
    expect(await active.bite()).toMatchObject({ messages: 1 });
  });

  it("is no proof when the connection could not be parsed", async () => {
    await using rig = await HttpRig.start();
    const active = await inject(rig, "http-answer");
    const client = rig.dial();
    client.socket.write(Buffer.from([0x16, 3, 1, 0, 5]));
    await client.ended;
    expect(await active.bite()).toEqual({ kind: "unknown", why: "1 connections could not be parsed (TLS)" });
  });
});

describe("the description of an http fault", () => {
  it.each([
    [
      "http-answer",
      ["every=2", "method=post", "status=502"],
      /^502 in answer to each second POST, not forwarded/,
    ],
    [
      "http-reply-lost",
      ["nth=3", "path=/order"],
      /^reply to the third request of \/order lost \(hang\) on link$/,
    ],
    [
      "http-reply-delay",
      ["delay=5", "share=0.25"],
      /^reply to request \(25 % of them\) delayed by 5 ms on link$/,
    ],
    [
      "http-body-truncated",
      ["bytes=7", "first=2"],
      /^reply to request \(the first 2\) cut off after 7 bytes of body/,
    ],
  ])("%s names the requests and what happens to them", (kind, pairs, label) => {
    expect(faultLabel(parseFault("link", kind, pairs))).toMatch(label);
  });

  it.each([
    ["http-answer", ["status=100"], /status: expected at least 200, got 100/],
    ["http-answer", ["path=("], /path: expected a regular expression/],
    ["http-answer", ["headers=Content-Length: 5"], /headers.*framing/],
    ["http-answer", ["headers=X-A: ğ"], /headers.*Latin-1/],
    ["http-reply-lost", ["how=vanish"], /how: expected one of hang, close, reset, got "vanish"/],
    ["http-reply-delay", [], /delayMs/],
    ["http-body-truncated", ["bytes=1.5"], /bodyBytes/],
    ["http-answer", ["stream=upstream"], /Expected an attribute of http-answer, got "stream"/],
  ])("%s refuses %j", (kind, pairs, message) => {
    expect(() => parseFault("link", kind, pairs)).toThrow(message);
  });
});
