import { describe, expect, it } from "vitest";
import { bind, closeStatement, execute, parse, query } from "./message-body.ts";
import type { PgMessage } from "./message-reader.ts";
import { StatementBook } from "./statement-book.ts";

const messageOf = (bytes: Buffer): PgMessage => ({
  type: bytes.toString("latin1", 0, 1),
  number: 1,
  totalBytes: bytes.length,
  body: bytes.subarray(5),
});

function bookOf(...notes: readonly Buffer[]) {
  const book = new StatementBook();
  for (const note of notes) book.note(messageOf(note));
  return (bytes: Buffer) => book.textOf(messageOf(bytes));
}

describe("the query of a request", () => {
  it("is the text of a simple query", () => {
    expect(bookOf()(query("SELECT 'ş'"))).toBe("SELECT 'ş'");
  });

  it("is the statement from which the portal was made", () => {
    const textOf = bookOf(
      parse("", "SELECT 1"),
      bind("", ""),
      parse("named", "SELECT 2"),
      bind("p", "named"),
    );
    expect(textOf(execute(""))).toBe("SELECT 1");
    expect(textOf(execute("p"))).toBe("SELECT 2");
  });

  it("stays the same when the statement is prepared again or closed", () => {
    const textOf = bookOf(parse("s", "SELECT 1"), bind("p", "s"), closeStatement("s"), bind("q", "s"));
    expect(textOf(execute("p"))).toBe("SELECT 1");
    expect(textOf(execute("q"))).toBeUndefined();
  });

  it("is unknown for a statement prepared before", () => {
    expect(bookOf(bind("", "earlier"))(execute(""))).toBeUndefined();
  });

  it("is dropped for the oldest of very many, so that memory stays bounded", () => {
    const large = "x".repeat(400_000);
    const statements = ["a", "b", "c"].flatMap((name) => [parse(name, `${name}${large}`)]);
    const textOf = bookOf(...statements, ...["a", "b", "c"].map((name) => bind(name, name)));
    expect(textOf(execute("a"))).toBeUndefined();
    expect(textOf(execute("c"))).toHaveLength(400_001);
  });
});
