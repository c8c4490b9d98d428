import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  answerJson,
  type LoopbackServer,
  type ReceivedRequest,
  startLoopbackServer,
} from "../testing/loopback-server.ts";
import { BackOff } from "./back-off.ts";
import { HttpClient } from "./http-call.ts";
import { nextStamp } from "./next-stamp.ts";
import { signBinance, signBtcturk } from "./signature.ts";

describe("signatures", () => {
  it("of Binance match its documentation", () => {
    const payload =
      "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559";
    const secret = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
    expect(signBinance(payload, secret)).toBe(
      "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71",
    );
  });

  it("of BTCTurk cover key and stamp under the decoded secret", () => {
    const secret = Buffer.from("secret").toString("base64");
    expect(signBtcturk("key", 1_600_000_000_000, secret)).not.toBe(
      signBtcturk("key", 1_600_000_000_001, secret),
    );
    expect(Buffer.from(signBtcturk("key", 1, secret), "base64")).toHaveLength(32);
  });
});

describe("the stamps of BTCTurk's requests", () => {
  it("are the time, and never the same twice", () => {
    expect([nextStamp(0, 5_000), nextStamp(5_000, 5_000), nextStamp(5_001, 5_000)]).toEqual([
      5_000, 5_001, 5_002,
    ]);
    expect(nextStamp(5_002, 5_900)).toBe(5_900);
  });

  it("are the time again after the clock was set back, since the venue refuses those of the future", () => {
    expect(nextStamp(305_000, 5_000)).toBe(5_000);
  });
});

describe("backing off", () => {
  it("suspends calls for as long as Retry-After says", () => {
    let nowMs = 0;
    const backOff = new BackOff(() => nowMs);
    expect(backOff.observe(429, { "retry-after": "3" })).toBe(true);
    expect(backOff.remainingMs).toBe(3_000);
    nowMs = 3_000;
    expect(backOff.remainingMs).toBe(0);
  });

  it("never shortens a pause, and pauses for no other status", () => {
    const backOff = new BackOff(() => 0);
    backOff.observe(418, { "retry-after": "60" });
    backOff.observe(429, { "retry-after": "1" });
    expect(backOff.observe(500, { "retry-after": "90" })).toBe(false);
    expect(backOff.remainingMs).toBe(60_000);
  });
});

describe("an HTTP call", () => {
  const client = new HttpClient();
  let server: LoopbackServer;
  let respond: Parameters<typeof startLoopbackServer>[0];
  const call = (timeoutMs = 5_000, port = server.port) =>
    client.call({ method: "GET", url: `http://127.0.0.1:${port}/`, timeoutMs });

  beforeEach(async () => {
    server = await startLoopbackServer(
      (request: ReceivedRequest, response) => respond(request, response),
      () => undefined,
    );
  });
  afterEach(async () => {
    client.close();
    await server.stop();
  });

  it("returns the answer, whatever its status", async () => {
    respond = (_request, response) => answerJson(response, 503, { code: -1006 });
    expect(await call()).toMatchObject({ kind: "answer", status: 503, body: '{"code":-1006}' });
  });

  it("was not sent when nothing listens", async () => {
    await server.stop();
    expect(await call()).toMatchObject({ kind: "not-sent" });
  });

  it("has no answer when the connection is cut before, or within, the answer", async () => {
    respond = (_request, response) => response.destroy();
    expect(await call()).toMatchObject({ kind: "no-answer" });
    respond = (_request, response) => {
      response.writeHead(200, { "content-length": "100" }).write("half");
      setImmediate(() => response.destroy());
      return response;
    };
    expect(await call()).toMatchObject({ kind: "no-answer" });
  });

  it("has no answer when none comes in time", async () => {
    respond = (_request, response) => response;
    expect(await call(50)).toMatchObject({ kind: "no-answer", reason: "no answer within 50 ms" });
  });
});
