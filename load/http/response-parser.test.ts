import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_PAGE_BYTES } from "../../network/index.ts";
import { type ParsedResponse, ResponseParser } from "./response-parser.ts";
import { ResponseSyntaxError } from "./response-syntax-error.ts";

/** Parses all bytes at once, and returns the response and whether it needed the end of the connection. */
function parse(wire: string, method = "GET"): ParsedResponse | undefined {
  const parser = new ResponseParser(method);
  return parser.push(Buffer.from(wire)) ?? parser.end();
}

const body = fc.string({ unit: "grapheme", maxLength: 200 });
const cuts = fc.array(fc.nat(400), { maxLength: 8 });

/** The pieces of `wire` cut at the given places. */
function pieces(wire: Buffer, at: readonly number[]): Buffer[] {
  const edges = [0, ...[...at].sort((a, b) => a - b).filter((edge) => edge < wire.length), wire.length];
  return edges.slice(1).map((edge, index) => wire.subarray(edges[index], edge));
}

function chunked(bytes: Buffer, at: readonly number[]): Buffer {
  const chunks = pieces(bytes, at).filter((piece) => piece.length > 0);
  const framed = chunks.flatMap((chunk) => [
    Buffer.from(`${chunk.length.toString(16)};note=1\r\n`),
    chunk,
    Buffer.from("\r\n"),
  ]);
  return Buffer.concat([...framed, Buffer.from("0\r\n\r\n")]);
}

/** Parses the pieces one by one: only the last may complete the response. */
function feed(wire: Buffer, at: readonly number[]): ParsedResponse | undefined {
  const parser = new ResponseParser("GET");
  const [last, ...rest] = pieces(wire, at)
    .filter((piece) => piece.length > 0)
    .reverse();
  for (const piece of rest.reverse()) expect(parser.push(piece)).toBeUndefined();
  return parser.push(last ?? Buffer.alloc(0));
}

describe("the response parser", () => {
  it("parses a body framed by its length, split anywhere", () => {
    fc.assert(
      fc.property(body, cuts, (text, at) => {
        const bytes = Buffer.from(text);
        const head = `HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\nContent-Length: ${bytes.length}\r\n\r\n`;
        const parsed = feed(Buffer.concat([Buffer.from(head), bytes]), at);
        expect(parsed).toMatchObject({ status: 201, body: text, reusable: true });
      }),
    );
  });

  it("parses a chunked body, split anywhere", () => {
    fc.assert(
      fc.property(body, cuts, cuts, (text, chunksAt, at) => {
        const head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        const wire = Buffer.concat([Buffer.from(head), chunked(Buffer.from(text), chunksAt)]);
        expect(feed(wire, at)).toMatchObject({ status: 200, body: text, reusable: true });
      }),
    );
  });

  it("parses a chunked body with trailer fields", () => {
    const wire = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nchecksum: 1\r\n\r\n";
    expect(parse(wire)).toMatchObject({ body: "ok", reusable: true });
  });

  it("ends a body without framing where the connection ends", () => {
    expect(parse("HTTP/1.1 200 OK\r\n\r\nall of it")).toMatchObject({ body: "all of it", reusable: false });
  });

  it("returns nothing for a body shorter than its length", () => {
    expect(parse("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort")).toBeUndefined();
  });

  it("skips interim responses", () => {
    const wire = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    expect(parse(wire)).toMatchObject({ status: 200, body: "ok" });
  });

  it("expects no body after HEAD, 204 and 304", () => {
    expect(parse("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n", "HEAD")).toMatchObject({
      body: "",
      reusable: true,
    });
    expect(parse("HTTP/1.1 204 No Content\r\n\r\n")).toMatchObject({ status: 204, reusable: true });
    expect(parse("HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n")).toMatchObject({ reusable: true });
  });

  it("never reuses a connection that the server closes, or that carries bytes without a request", () => {
    expect(parse("HTTP/1.1 200 OK\r\nConnection: close\r\ncontent-length: 0\r\n\r\n")?.reusable).toBe(false);
    expect(parse("HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n")?.reusable).toBe(false);
    expect(parse("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok-and-more")).toMatchObject({
      body: "ok",
      reusable: false,
    });
  });

  it("reads the server's keep-alive time and its Retry-After", () => {
    const wire = "HTTP/1.1 503 Busy\r\nKeep-Alive: timeout=72\r\nRetry-After: 2\r\ncontent-length: 0\r\n\r\n";
    expect(parse(wire)).toMatchObject({ status: 503, keptForMs: 72_000, retryAfter: "2" });
  });

  it("reads a chunked body with trailer fields from pieces of one byte", () => {
    const wire =
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;a=b\r\nok\r\n0\r\nsum: 1\r\nend: 2\r\n\r\n";
    const at = Array.from({ length: wire.length }, (_, index) => index);
    expect(feed(Buffer.from(wire), at)).toMatchObject({ body: "ok", reusable: true });
  });

  it.each([
    ["that its length says is too long, before it comes", `content-length: ${MAX_PAGE_BYTES + 1}`, ""],
    ["whose length has no end", `content-length: ${"9".repeat(400)}`, ""],
    ["in one chunk that is too long", "transfer-encoding: chunked", "ffffffff\r\n"],
    ["in chunks without an end", "transfer-encoding: chunked", `8000\r\n${"x".repeat(0x8000)}\r\n`],
    ["without a frame and without an end", "server: endless", "x".repeat(0x8000)],
    ["of trailer fields without an end", "transfer-encoding: chunked", `0\r\n${"a: b\r\n".repeat(5_000)}`],
  ])("gives up a body %s", (_name, header, piece) => {
    const parser = new ResponseParser("GET");
    const endless = () => {
      parser.push(Buffer.from(`HTTP/1.1 200 OK\r\n${header}\r\n\r\n`));
      for (let sent = 0; sent <= 2 * MAX_PAGE_BYTES; sent += piece.length) parser.push(Buffer.from(piece));
    };
    expect(endless).toThrow(expect.objectContaining({ code: "body-too-large" }));
  });

  it("refuses a chunk whose size never ends", () => {
    const wire = `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${"0".repeat(2_000)}`;
    expect(() => parse(wire)).toThrow(/Expected a chunk's size, got 2000 bytes without a line break/);
  });

  it("refuses what is not an HTTP response", () => {
    for (const wire of [
      "SSH-2.0-OpenSSH\r\n\r\n",
      "HTTP/2 200\r\n\r\n",
      "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
      "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nokay\r\n",
      `HTTP/1.1 200 OK\r\nlong: ${"x".repeat(70_000)}`,
    ]) {
      expect(() => parse(wire), wire.slice(0, 60)).toThrow(ResponseSyntaxError);
    }
  });
});
