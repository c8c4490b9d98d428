import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BinanceError } from "../binance-error.ts";
import { idOf, readApiRequest, signedPayloads } from "./api-request.ts";

describe("a message to the WebSocket API", () => {
  it("is a request with the same parameters as over REST", () => {
    const { id, method, parameters } = readApiRequest(
      '{"id":"a","method":"v3/order.place","params":{"price":0.1,"symbols":["A","B"],"flag":true,"none":null}}',
    );
    expect([id, method]).toEqual(["a", "order.place"]);
    expect(["price", "symbols", "flag", "none"].map((name) => parameters.optional(name))).toEqual([
      "0.1",
      '["A","B"]',
      "true",
      undefined,
    ]);
  });

  it("is refused with the venue's message for any content, with its id if it has one", () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((params) => `{"method":"ping","params":${params}}`),
    );
    fc.assert(
      fc.property(text, (sent) => {
        expect(["number", "string", "object"]).toContain(typeof idOf(sent));
        try {
          expect(readApiRequest(sent).method).not.toBe("");
        } catch (cause) {
          expect(cause).toBeInstanceOf(BinanceError);
        }
      }),
    );
    expect(idOf('{"id":7,"method":1}')).toBe(7);
    expect(idOf('{"id":"\\x"}')).toBeNull();
  });

  it("is signed over its parameters by name, unchanged or encoded", () => {
    const params = { symbol: "币安USDT", apiKey: "k", signature: "s", quantity: 0.5 };
    expect(signedPayloads(params)).toEqual([
      "apiKey=k&quantity=0.5&symbol=币安USDT",
      "apiKey=k&quantity=0.5&symbol=%E5%B8%81%E5%AE%89USDT",
    ]);
  });
});
