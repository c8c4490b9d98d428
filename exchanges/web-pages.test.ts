import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { isRequestOfProgram } from "../core/index.ts";
import { type RunningExchanges, startExchanges } from "./start-exchanges.ts";

let exchanges: RunningExchanges;
beforeAll(async () => {
  exchanges = await startExchanges({ tapeStart: "paused" });
});
afterAll(() => exchanges.stop());

describe("an upgrade to a venue's WebSocket", () => {
  it.each([
    ["of a page elsewhere", { origin: "https://evil.example" }],
    ["of a page on another port of this machine", { origin: "http://127.0.0.1:5173" }],
    ["of a sandboxed page", { origin: "null" }],
    [
      "of a page whose name was rebound to this machine",
      { origin: "http://evil.example:80", host: "evil.example:80" },
    ],
    ["of another site, by the browser's word", { "sec-fetch-site": "cross-site" }],
  ])("%s is refused with 403", async (_, headers) => {
    const { binance, btcturk, bist } = exchanges.addresses;
    for (const { wsPort } of [binance, btcturk, bist]) {
      const socket = new WebSocket(`ws://127.0.0.1:${wsPort}/ws`, { headers });
      const [, response] = await once(socket, "unexpected-response");
      expect(response.statusCode).toBe(403);
      response.destroy();
    }
  });

  it.each([
    ["without an origin", {}],
    [
      "that names the very server, as Python's websocket-client does",
      { origin: "http://127.0.0.1:80", host: "127.0.0.1:80" },
    ],
    ["within a network of containers", { origin: "http://proxy:20005", host: "proxy:20005" }],
  ])("of a program %s is accepted", (_, headers) => {
    expect(isRequestOfProgram({ headers })).toBe(true);
  });
});
