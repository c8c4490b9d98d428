import { afterEach, describe, expect, it } from "vitest";
import type { LooseExchangesOptions } from "../options.ts";
import type { RunningExchanges } from "../start-exchanges.ts";
import { startOnHandTape } from "../testing/hand-tape.ts";
import { TestSocket } from "../testing/socket.ts";

let exchanges: RunningExchanges | undefined;
afterEach(() => exchanges?.stop());

async function open(path: string, options: LooseExchangesOptions = {}): Promise<TestSocket> {
  exchanges = await startOnHandTape([], { tapeStart: "paused", ...options });
  return TestSocket.open(`ws://127.0.0.1:${exchanges.addresses.binance.wsPort}${path}`);
}

describe("a WebSocket connection", () => {
  it.each(["/ws", "/stream", "/ws-api/v3"])("to %s is closed after its maximum time", async (path) => {
    await using socket = await open(path, { binanceConnectionLifeMs: 50 });
    expect(await socket.closed()).toBe(1001);
  });

  it.each(["/wss", "//", "/", "//stream?streams=%", "/ws-api/v4"])("to %s is closed", async (path) => {
    await using socket = await open(path);
    expect(await socket.closed()).toBe(1008);
  });

  it("has at most 1024 streams", async () => {
    await using socket = await open("/ws");
    const params = Array.from({ length: 1_024 }, (_, index) => `btcusdt@nothing${index}`);
    socket.send({ method: "SUBSCRIBE", params, id: 1 });
    expect(await socket.message(({ id }) => id === 1)).toEqual({ result: null, id: 1 });
    socket.send({ method: "SUBSCRIBE", params: [params[0], "btcusdt@trade"], id: 2 });
    expect(await socket.closed()).toBe(1008);
  });

  it("counts pings among the five messages a second", async () => {
    await using socket = await open("/ws");
    const closed = socket.closed();
    for (let count = 0; count < 6; count++) socket.socket.ping();
    expect(await closed).toBe(1008);
  });
});
