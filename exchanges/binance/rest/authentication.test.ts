import { generateKeyPairSync, sign as signBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../../core/index.ts";
import type { HttpRequest } from "../../http/http-server.ts";
import { checkSigned, signBinance } from "./authentication.ts";
import { Parameters } from "./parameters.ts";

// The key, secret, payload and signature of Binance's own documentation.
const SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
const KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A";
const QUERY = "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC";
const BODY = "quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559";
const VECTOR = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71";
/** The documentation's example for a payload in query and body: there is no separator between the two. */
const MIXED_VECTOR = "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77";
const SENT_MS = 1_499_827_319_559;

function check(query: string, body = "", nowMs = SENT_MS, apiKey: string | undefined = KEY): void {
  const headers = apiKey === undefined ? {} : { "x-mbx-apikey": apiKey };
  const request: HttpRequest = { method: "POST", path: "/api/v3/order", query, body, headers };
  const clock = { ...systemClock, nowMs: () => nowMs };
  checkSigned(request, new Parameters(query, body), { apiKey: KEY, apiSecret: SECRET }, clock);
}

const sign = (payload: string): string => `${payload}&signature=${signBinance(payload, SECRET)}`;

describe("a signature of Binance", () => {
  it("is that of the venue's documentation", () => {
    expect(signBinance(`${QUERY}&${BODY}`, SECRET)).toBe(VECTOR);
    expect(signBinance(`${QUERY}${BODY}`, SECRET)).toBe(MIXED_VECTOR);
  });

  it("is accepted in the query, in the body and over both", () => {
    check(`${QUERY}&${BODY}&signature=${VECTOR}`);
    check("", `${QUERY}&${BODY}&signature=${VECTOR}`);
    check(QUERY, `${BODY}&signature=${MIXED_VECTOR}`);
  });

  it("is compared without regard to case", () => {
    check(`${QUERY}&${BODY}&signature=${VECTOR.toUpperCase()}`);
  });

  it("is refused when anything that it covers was changed", () => {
    const changed = `${QUERY}&${BODY}&signature=${VECTOR}`.replace("BUY", "SELL");
    expect(() => check(changed)).toThrow("Signature for this request is not valid.");
    expect(() => check(`${QUERY}&${BODY}&signature=abc`)).toThrow("Signature for this request is not valid.");
    expect(() => check(`${QUERY}&${BODY}`)).toThrow(/'signature'/);
  });
});

describe("the time of a signed request", () => {
  const outside = "Timestamp for this request is outside of the recvWindow.";
  const ahead = "Timestamp for this request was 1000ms ahead of the server's time.";

  it("may be up to recvWindow behind the server and less than a second ahead", () => {
    const query = sign("timestamp=1499827319559&recvWindow=5000");
    check(query, "", SENT_MS + 5_000);
    check(query, "", SENT_MS - 999);
    expect(() => check(query, "", SENT_MS + 5_001)).toThrow(outside);
    expect(() => check(query, "", SENT_MS - 1_000)).toThrow(ahead);
  });

  it("has a window of 5000 ms by default and of 60000 ms at most, with up to three decimals", () => {
    expect(() => check(sign("timestamp=1499827319559"), "", SENT_MS + 5_001)).toThrow(outside);
    check(sign("timestamp=1499827319559&recvWindow=60000"), "", SENT_MS + 60_000);
    check(sign("timestamp=1499827319559&recvWindow=1.125"), "", SENT_MS + 1);
    expect(() => check(sign("timestamp=1499827319559&recvWindow=1.125"), "", SENT_MS + 2)).toThrow(outside);
    expect(() => check(sign("timestamp=1499827319559&recvWindow=60001"))).toThrow("must be less than 60000");
  });

  it("may be given in microseconds", () => {
    check(sign("timestamp=1499827319559123"));
    expect(() => check(sign("timestamp=1499827319559123"), "", SENT_MS + 5_001)).toThrow(outside);
  });

  it("is required", () => {
    expect(() => check(sign("recvWindow=5000"))).toThrow(/Mandatory parameter 'timestamp'/);
  });
});

describe("an API key", () => {
  const query = sign("timestamp=1499827319559");

  it("must be present, well-formed and the account's", () => {
    expect(() => check(query, "", SENT_MS, "")).toThrow("API-key format invalid.");
    expect(() => check(query, "", SENT_MS, "no key!")).toThrow("API-key format invalid.");
    expect(() => check(query, "", SENT_MS, "x".repeat(64))).toThrow("Invalid API-key, IP, or permissions");
  });
});

describe("an asymmetric key", () => {
  const payload = "symbol=BTCUSDT&timestamp=1499827319559";

  it.each([
    ["Ed25519", null, () => generateKeyPairSync("ed25519")],
    ["RSA", "sha256", () => generateKeyPairSync("rsa", { modulusLength: 2048 })],
  ] as const)("signs with %s in base64, escaped or not", (_, hash, generate) => {
    const { publicKey, privateKey } = generate();
    const apiSecret = publicKey.export({ type: "spki", format: "pem" }).toString();
    const signature = signBytes(hash, Buffer.from(payload), privateKey).toString("base64");
    const clock = { ...systemClock, nowMs: () => SENT_MS };
    const attempt = (query: string): void => {
      const headers = { "x-mbx-apikey": KEY };
      const request: HttpRequest = { method: "GET", path: "/api/v3/account", query, body: "", headers };
      checkSigned(request, new Parameters(query, ""), { apiKey: KEY, apiSecret }, clock);
    };
    attempt(`${payload}&signature=${encodeURIComponent(signature)}`);
    attempt(`${payload}&signature=${signature}`);
    const other = payload.replace("BTCUSDT", "ETHUSDT");
    expect(() => attempt(`${other}&signature=${encodeURIComponent(signature)}`)).toThrow("not valid");
  });
});
