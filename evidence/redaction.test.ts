import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KanitError, SecretRegistry, UsageError } from "../core/index.ts";
import { parseRecord } from "./records/read-record.ts";
import { createRedaction } from "./redaction.ts";
import { RUN } from "./testing/run-record-fixture.ts";

const redact = createRedaction(SecretRegistry.of("s3cr3t/value+1"));

describe("redaction", () => {
  it("removes a configured secret in every spelling", () => {
    const forms = ["s3cr3t/value+1", "s3cr3t%2Fvalue%2B1", Buffer.from("s3cr3t/value+1").toString("base64")];
    for (const form of forms) expect(redact(`before ${form} after`)).toBe("before [redacted] after");
  });

  it("finds it anywhere in the data, including keys", () => {
    const text = fc.string();
    fc.assert(
      fc.property(text, text, (before, after) => {
        const hidden = `${before}s3cr3t/value+1${after}`;
        expect(JSON.stringify(redact({ [hidden]: [{ deep: hidden }] }))).not.toContain("s3cr3t/value+1");
      }),
    );
  });

  it("leaves a record one, whatever was registered as secret", () => {
    const text = JSON.stringify(RUN);
    const part = fc.tuple(fc.nat(text.length - 6), fc.integer({ min: 6, max: 30 }));
    fc.assert(
      fc.property(part, ([from, length]) => {
        const secret = text.slice(from, from + length);
        fc.pre(secret.trim().length >= 6);
        const clean = createRedaction(SecretRegistry.of(secret))(RUN);
        expect(parseRecord(JSON.parse(JSON.stringify(clean)), "test").verdict).toBe(RUN.verdict);
      }),
      { numRuns: 500 },
    );
    for (const secret of [
      "invariant",
      "verdict",
      "2025-08-01",
      "kanit.run/3",
      "scenarios",
      "steady-before",
    ]) {
      const clean = createRedaction(SecretRegistry.of(secret))(RUN);
      expect(parseRecord(clean, "test")).toMatchObject({ verdict: RUN.verdict, scenarios: [{}] });
    }
  });

  it("removes credentials by the name of their header or field", () => {
    const headers = {
      "X-MBX-APIKEY": "abc",
      "X-Signature": "def",
      Authorization: "Bearer ghi",
      Accept: "json",
    };
    expect(redact(headers)).toEqual({
      "X-MBX-APIKEY": "[redacted]",
      "X-Signature": "[redacted]",
      Authorization: "[redacted]",
      Accept: "json",
    });
  });

  it("removes credentials from log lines, signed queries and connection strings", () => {
    expect(redact("> x-mbx-apikey: abc123")).toBe("> x-mbx-apikey: [redacted]");
    expect(redact('{"password":"abc","user":"spark"}')).toBe('{"password":"[redacted]","user":"spark"}');
    expect(redact("authorization: Bearer abc.def")).toBe("authorization: [redacted]");
    expect(redact("/api/v3/order?symbol=BTCUSDT&signature=0a1b&x=1")).toBe(
      "/api/v3/order?symbol=BTCUSDT&signature=[redacted]&x=1",
    );
    expect(redact("postgres://spark:abc@127.0.0.1:5432/spark")).toBe(
      "postgres://spark:[redacted]@127.0.0.1:5432/spark",
    );
  });

  it("leaves everything else unchanged, and changes nothing in a second pass", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const once = redact(value);
        expect(redact(once)).toEqual(once);
      }),
    );
    const harmless = {
      text: "tokens, passwords and signatures were checked",
      count: 3,
      none: null,
      list: [true],
    };
    expect(redact(harmless)).toEqual(harmless);
  });

  it("keeps the content of an error", () => {
    const cause = new Error("connect ECONNREFUSED");
    const error = new UsageError({ code: "bad", message: "Expected a, got b.", nextStep: "Do c.", cause });
    expect(redact(error)).toMatchObject({
      name: "UsageError",
      code: "bad",
      message: "Expected a, got b.",
      nextStep: "Do c.",
      cause: { message: "connect ECONNREFUSED" },
    });
    expect(error).toBeInstanceOf(KanitError);
  });

  it("keeps dates, big integers, maps and sets", () => {
    const value = { at: new Date(0), big: 2n ** 70n, map: new Map([["a", 1]]), set: new Set([1, 2]) };
    expect(redact(value)).toEqual({
      at: "1970-01-01T00:00:00.000Z",
      big: "1180591620717411303424",
      map: { a: 1 },
      set: [1, 2],
    });
  });

  it("refuses cyclic data, but not data that occurs twice", () => {
    const shared = { a: 1 };
    expect(redact([shared, shared])).toEqual([shared, shared]);
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(() => redact(loop)).toThrow(expect.objectContaining({ code: "evidence-cyclic" }));
  });

  it("refuses a secret that is too short", () => {
    expect(() => SecretRegistry.of("ab")).toThrow(expect.objectContaining({ code: "secret-too-short" }));
  });
});
