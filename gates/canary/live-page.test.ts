import { request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CanaryRecord } from "../../evidence/index.ts";
import { type LivePage, startLivePage } from "./live-page.ts";

let page: LivePage;
beforeAll(async () => {
  page = await startLivePage({ render: ({ lead }) => `<p>${lead}</p>`, port: 0 });
});
afterAll(() => page[Symbol.asyncDispose]());

/** Asks the page with these headers; the host is the page's own unless they say another. */
async function ask(path: string, headers: Record<string, string> = {}, method = "GET") {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number | undefined; body: string }>();
  const asked = request(new URL(path, page.url), { headers, method }, (response) => {
    text(response).then((body) => resolve({ status: response.statusCode, body }), reject);
  });
  asked.on("error", reject).end();
  return promise;
}

describe("the live page", () => {
  it("says so before there is anything, and then shows the newest record", async () => {
    expect(await ask("/")).toEqual({ status: 503, body: "The canary has not begun.\n" });
    page.show({ lead: "first" } as CanaryRecord);
    page.show({ lead: "second" } as CanaryRecord);
    expect(await ask("/?again")).toEqual({ status: 200, body: "<p>second</p>" });
    expect(JSON.parse((await ask("/canary.json")).body)).toEqual({ lead: "second" });
    expect((await ask("/etc/passwd")).status).toBe(404);
  });

  it.each([
    ["a name that was rebound to this machine", { host: "evil.example.com" }],
    ["another origin", { origin: "http://evil.example.com" }],
    ["a page of another site", { "sec-fetch-site": "cross-site" }],
  ])("refuses %s", async (_, headers) => {
    expect((await ask("/canary.json", headers)).status).toBe(403);
  });

  it("changes nothing, whatever is sent", async () => {
    expect((await ask("/", { "content-type": "application/json" }, "POST")).status).toBe(405);
  });
});
