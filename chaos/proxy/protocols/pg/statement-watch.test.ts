import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bind, execute, parse, query } from "./message-body.ts";
import type { PgMessage } from "./message-reader.ts";
import { StatementWatch } from "./statement-watch.ts";

const startUp = withLength(Buffer.from("\0\x03\0\0user\0me\0\0", "latin1"));
const sslRequest = withLength(Buffer.from([0x04, 0xd2, 0x16, 0x2f]));
const cancel = withLength(Buffer.from([0x04, 0xd2, 0x16, 0x2e, 0, 0, 0, 1, 0, 0, 0, 2]));
const clientHello = Buffer.from([0x16, 3, 1, 0, 4, 1, 2, 3, 4]);

function withLength(body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(4 + body.length);
  return Buffer.concat([length, body]);
}

function textOf(watch: StatementWatch, portal: string): string | undefined {
  const bytes = execute(portal);
  const message: PgMessage = { type: "E", number: 1, totalBytes: bytes.length, body: bytes.subarray(5) };
  return watch.book?.textOf(message);
}

describe("what a client prepared before a toxic came", () => {
  it("is known however its bytes arrived, and when their memory was only lent", () => {
    const sent = Buffer.concat([
      sslRequest,
      startUp,
      query("SELECT 1"),
      parse("a", "SELECT 'first'"),
      query("PREPARE b AS SELECT 'second'"),
      query("x".repeat(3_000)),
    ]);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 60 }), { maxLength: 60 }), (sizes) => {
        const watch = new StatementWatch();
        const lent = Buffer.alloc(sent.length);
        for (let at = 0, next = 0; at < sent.length; next += 1) {
          const chunk = sent.subarray(at, at + 1 + (sizes[next] ?? sent.length));
          chunk.copy(lent);
          expect(watch.see(lent.subarray(0, chunk.length))).toBe(true);
          lent.fill(0xff);
          at += chunk.length;
        }
        for (const [portal, statement] of [
          ["p", "a"],
          ["q", "b"],
        ] as const) {
          const bytes = bind(portal, statement);
          watch.book?.note({ type: "B", number: 1, totalBytes: bytes.length, body: bytes.subarray(5) });
        }
        expect(textOf(watch, "p")).toBe("SELECT 'first'");
        expect(textOf(watch, "q")).toContain("'second'");
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ["another protocol", [Buffer.from("GET / HTTP/1.1\r\n\r\n")]],
    ["TLS from the first byte", [clientHello]],
    ["TLS that the server agreed to", [sslRequest, clientHello]],
    ["a request to cancel", [cancel]],
    ["messages that make no sense", [startUp, Buffer.from("?????")]],
  ])("is not looked for in %s", (_what, chunks) => {
    const watch = new StatementWatch();
    expect(chunks.map((chunk) => watch.see(chunk)).at(-1)).toBe(false);
    expect(watch.see(parse("a", "SELECT 1"))).toBe(false);
    expect(watch.book).toBeUndefined();
  });
});
