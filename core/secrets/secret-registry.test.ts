import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SecretRegistry } from "./secret-registry.ts";
import { SecretStream } from "./secret-stream.ts";
import {
  AWKWARD_SECRET,
  KEY_SECRET,
  PASSPHRASE,
  PLAIN_SECRET,
  QUOTED_SECRET,
  writtenSecrets,
} from "./testing/secret-spellings.ts";

/** Characters around the secret on which its Base64 form depends; brackets, line breaks. */
const REMAINS = 9;
/** Two characters at a line's end are written at once, with what separates them from the next. */
const WRITTEN_AT_ONCE = 8;

function registryOf(...secrets: readonly string[]): SecretRegistry {
  const registry = new SecretRegistry(["binance-ws", "BTCUSDT"]);
  for (const secret of secrets) registry.register("a test's key", secret);
  return registry;
}

function registered(value: string, name = "SETTING"): boolean {
  const registry = new SecretRegistry(["binance-ws", "BTCUSDT"]);
  registry.registerVariables({ [name]: value });
  return registry.filter(`the value ${value} is used`) !== `the value ${value} is used`;
}

const secrets = registryOf(AWKWARD_SECRET, PLAIN_SECRET, KEY_SECRET, QUOTED_SECRET, PASSPHRASE);

describe("a registered secret", () => {
  it.each(writtenSecrets())("does not pass: $name", ({ text, around }) => {
    const rest = secrets.filter(text).replaceAll("[redacted]", "");
    expect(rest.length).toBeLessThanOrEqual(around + REMAINS);
  });

  it("has at least 115 spellings in this test", () => {
    expect(new Set(writtenSecrets().map(({ name }) => name)).size).toBeGreaterThanOrEqual(115);
  });

  it("does not pass through a stream, wherever the text is split", () => {
    const written = fc.constantFrom(...writtenSecrets());
    fc.assert(
      fc.property(written, fc.double({ min: 0, max: 1, noNaN: true }), ({ text, around }, at) => {
        const stream = new SecretStream(secrets);
        const cut = Math.floor(text.length * at);
        const clean = stream.push(text.slice(0, cut)) + stream.push(text.slice(cut)) + stream.end();
        const rest = clean.replaceAll("[redacted]", "");
        expect(rest.length).toBeLessThanOrEqual(around + REMAINS + WRITTEN_AT_ONCE);
      }),
    );
  });

  it("is removed from any text, without removing anything else", () => {
    const registry = registryOf(PLAIN_SECRET);
    fc.assert(
      fc.property(fc.stringMatching(/^[a-m \n]*$/), fc.stringMatching(/^[a-m \n]*$/), (before, after) => {
        expect(registry.filter(`${before}${PLAIN_SECRET}${after}`)).toBe(`${before}[redacted]${after}`);
      }),
    );
  });

  it.each(["", "…", "...", '"…'])("does not pass when its end is cut off, shown by %j", (mark) => {
    for (let length = 8; length < PLAIN_SECRET.length; length++) {
      const cut = `got ${PLAIN_SECRET.slice(0, length)}${mark}`;
      expect(secrets.filter(cut), cut).toBe(`got [redacted]${mark}`);
    }
  });

  it("is not found in a word that any text may end with", () => {
    const registry = registryOf("binance-ws.internal.example:9443", "production-4711");
    for (const text of ["a fault on binance-ws", "it runs in production", "binance-ws", "a binance"]) {
      expect(registry.filter(text)).toBe(text);
    }
  });

  it("is refused with fewer than 6 characters", () => {
    expect(() => registryOf("abc12")).toThrow(/at least 6 characters, got one of 5: a test's key/);
    expect(() => new SecretRegistry().registerVariables({ API_KEY: "abc12" })).toThrow(/API_KEY/);
  });
});

describe("a stream of text", () => {
  it("passes whole lines at once, and the rest at its end", () => {
    const stream = new SecretStream(secrets);
    expect(stream.push("a line\nhalf a ")).toBe("a line\n");
    expect(stream.push("line")).toBe("");
    expect(stream.end()).toBe("half a line");
  });

  it("passes a line of JSON at once, although its quotes could begin an escape", () => {
    const stream = new SecretStream(SecretRegistry.of("0f3c9a7755aa"));
    const line = '{"event":"listening","links":{"bist-ws":"21005"}}\n';
    expect(stream.push(line)).toBe(line);
    expect(stream.push('{"half": "of a')).toBe("");
  });

  it("holds back a line that may begin a secret", () => {
    const stream = new SecretStream(secrets);
    expect(stream.push(`x\n${PLAIN_SECRET.slice(0, 9)}\n`)).toBe("x\n");
    expect(stream.push(`${PLAIN_SECRET.slice(9)}\ny\n`)).toBe("[redacted]\ny\n");
  });

  it("does not hold back a line for the two characters at its end, and knows them when the rest comes", () => {
    const stream = new SecretStream(secrets);
    expect(stream.push(`x ${PLAIN_SECRET.slice(0, 2)}\n`)).toBe(`x ${PLAIN_SECRET.slice(0, 2)}\n`);
    expect(stream.push(`${PLAIN_SECRET.slice(2)} y\n`)).toBe("[redacted] y\n");
  });

  it("does not wait for the end of an endless line", () => {
    const stream = new SecretStream(secrets);
    let written = 0;
    for (let piece = 0; piece < 100; piece++) written += stream.push("0123456789".repeat(1_000)).length;
    expect(written).toBeGreaterThan(900_000);
  });

  it("removes private keys that were not registered", () => {
    const stream = new SecretStream(new SecretRegistry());
    const lines = `a\n${KEY_SECRET}\nb\n`.split(/(?<=\n)/);
    expect(lines.map((line) => stream.push(line)).join("") + stream.end()).toBe("a\n[redacted]\nb\n");
  });
});

describe("a variable of an environment", () => {
  it.each([
    ..."1 true off debug 8080 60000 0.25 30000ms 512MB 127.0.0.1:5432 localhost:80 binance-ws".split(" "),
    ..."BTCUSDT,binance-ws http://127.0.0.1:8080/api/v3 /var/lib/spark/data.db ./config.yml".split(" "),
  ])("is plain: %s", (value) => {
    expect(registered(value)).toBe(false);
  });

  it.each([
    ..."hunter2 correcthorse correct-horse-battery 4111111111111111 zQ9fK2mX7wL4tR8vB1nC".split(" "),
    ..."sk_live_abc AbC/dEf+123= https://hooks.example.com/services/T0AB12CD34/B0123456789abcdefg".split(" "),
    ..."https://user:passw0rd@example.com https://abc123def@example.com https://x.example/?t=abcdef".split(
      " ",
    ),
    "correct horse battery staple",
  ])("is secret whatever its name is: %s", (value) => {
    expect(registered(value)).toBe(true);
  });

  it.each(["123456", "production", "/tmp/token"])("is secret when its name says so: %s", (value) => {
    expect(registered(value, "VENUE_SECRET")).toBe(true);
  });
});
