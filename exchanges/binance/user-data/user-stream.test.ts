import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunningExchanges } from "../../start-exchanges.ts";
import { BinanceTestClient } from "../../testing/binance-client.ts";
import { startOnHandTape } from "../../testing/hand-tape.ts";
import { TestSocket } from "../../testing/socket.ts";

let exchanges: RunningExchanges;
let client: BinanceTestClient;

beforeAll(async () => {
  exchanges = await startOnHandTape([], { tapeStart: "paused" });
  client = new BinanceTestClient(exchanges);
});
beforeEach(() => exchanges.reset());
afterAll(() => exchanges.stop());

const PATH = "/api/v3/userDataStream";
const keyed = (method: string, query = "") => client.send(method, PATH + query, { headers: client.headers });
const start = async (): Promise<string> => (await keyed("POST")).body.listenKey;
const open = (path: string) => TestSocket.open(`ws://127.0.0.1:${exchanges.addresses.binance.wsPort}${path}`);

describe("the user data stream of a listen key", () => {
  it("sends the account's events, bare on /ws and in an envelope on /stream", async () => {
    const listenKey = await start();
    await using raw = await open(`/ws/${listenKey}`);
    await using combined = await open(`/stream?streams=${listenKey}`);
    await client.order({ newClientOrderId: "mine" });
    await raw.until(({ messages }) => messages.length === 2);
    await combined.until(({ messages }) => messages.length === 2);
    expect(raw.parsed.map(({ e, c }) => [e, c])).toEqual([
      ["executionReport", "mine"],
      ["outboundAccountPosition", undefined],
    ]);
    expect(combined.parsed).toEqual(raw.parsed.map((data) => ({ stream: listenKey, data })));
  });

  it("ends when the key is closed", async () => {
    const listenKey = await start();
    await using socket = await open(`/ws/${listenKey}`);
    expect((await keyed("PUT", `?listenKey=${listenKey}`)).body).toEqual({});
    expect((await keyed("DELETE", `?listenKey=${listenKey}`)).body).toEqual({});
    await client.order();
    expect(await socket.message(({ e }) => e === "listenKeyExpired")).toMatchObject({ listenKey });
    const { status, body } = await keyed("PUT", `?listenKey=${listenKey}`);
    expect({ status, ...body }).toEqual({ status: 400, code: -1125, msg: "This listenKey does not exist." });
    expect(socket.parsed.map(({ e }) => e)).toEqual(["listenKeyExpired"]);
  });

  it("needs the API key and no signature", async () => {
    expect((await client.send("POST", PATH)).body.code).toBe(-2014);
  });

  it("does not exist when listen keys are retired", async () => {
    await using retired = await startOnHandTape([], { binanceListenKeys: "retired" });
    const { status, body } = await new BinanceTestClient(retired).send("POST", PATH, {
      headers: client.headers,
    });
    expect({ status, ...body }).toEqual({
      status: 410,
      code: -1016,
      msg: "This service is no longer available.",
    });
  });
});
