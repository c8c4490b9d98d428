import { describe, expect, it } from "vitest";
import { startExchanges } from "../../start-exchanges.ts";
import { BtcturkTestClient } from "../../testing/btcturk-client.ts";
import { TestSocket } from "../../testing/socket.ts";

/** A clock that the test advances, so that no window ends while it counts. */
function heldClock() {
  const time = { ms: Date.now() };
  const clock = {
    nowMs: () => time.ms,
    monotonicMs: () => performance.now(),
    sleep: () => Promise.resolve(),
  };
  return { time, clock };
}

describe("BTCTurk's limits, when they are enforced", () => {
  it("refuse the eleventh order of a second with the venue's body and Retry-After", async () => {
    const { time, clock } = heldClock();
    await using exchanges = await startExchanges({ rateLimits: "enforced" }, { clock });
    const client = new BtcturkTestClient(exchanges);
    // Each request needs a different stamp, close to the fixed clock.
    const order = (index: number) =>
      client.send("POST", "/api/v1/order", client.headers(time.ms - 1_000 + index), {});
    for (let count = 0; count < 10; count++) expect((await order(count)).status).toBe(400);
    const { status, headers, body } = await order(10);
    expect([status, headers.get("retry-after")]).toEqual([429, "1"]);
    expect(body).toEqual({
      message: "TOO_MANY_REQUESTS",
      success: false,
      code: 429,
      details: "Quota exceeded. Maximum allowed: 10 per 1s.",
      limit: "10",
      period: "1s",
      policy: "account-ip",
    });
    time.ms += 1_000;
    expect((await order(11)).status).toBe(400);
  });

  it("count the graph host's candles by the minute", async () => {
    const { clock } = heldClock();
    await using exchanges = await startExchanges({ rateLimits: "enforced" }, { clock });
    const client = new BtcturkTestClient(exchanges);
    const ask = () => client.send("GET", "/v1/ohlcs?pair=BTCUSDT");
    for (let count = 0; count < 120; count++) expect((await ask()).status).toBe(200);
    const { status, headers, body } = await ask();
    expect([status, headers.get("retry-after"), body.details, body.policy]).toEqual([
      429,
      "60",
      "Quota exceeded. Maximum allowed: 120 per 1m.",
      "ip",
    ]);
  });

  it("allow fifteen connections a minute, then none for another minute", async () => {
    const { time, clock } = heldClock();
    await using exchanges = await startExchanges({ rateLimits: "enforced" }, { clock });
    const connect = async () => {
      await using socket = await TestSocket.open(`ws://127.0.0.1:${exchanges.addresses.btcturk.wsPort}`);
      const closed = socket.closed();
      return Promise.race([closed, socket.message(([type]) => type === 991).then(() => "greeted")]);
    };
    for (let count = 0; count < 15; count++) expect(await connect()).toBe("greeted");
    expect(await connect()).toBe(1008);
    time.ms += 59_999;
    expect(await connect()).toBe(1008);
    time.ms += 1;
    expect(await connect()).toBe("greeted");
  });

  it("refuse nothing while requests are only counted", async () => {
    await using exchanges = await startExchanges();
    const client = new BtcturkTestClient(exchanges);
    for (let count = 0; count < 12; count++) expect((await client.order({ price: "1" })).status).toBe(400);
  });
});
