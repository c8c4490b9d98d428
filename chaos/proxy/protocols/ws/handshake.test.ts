import { describe, expect, it } from "vitest";
import { HandshakeReader, type HandshakeReading } from "./handshake.ts";
import { REQUEST_HEAD, RESPONSE_HEAD } from "./test-traffic.ts";

/** The reader's first result for text that arrives byte by byte, and how many bytes came before. */
function readByBytes(text: Buffer): { readonly reading: HandshakeReading; readonly at: number } {
  const reader = new HandshakeReader();
  for (let at = 0; at < text.length; at++) {
    const reading = reader.read(text.subarray(at, at + 1));
    if (reading.kind !== "incomplete") return { reading, at };
  }
  return { reading: { kind: "incomplete" }, at: text.length };
}

const FRAME = Buffer.from([0x81, 0x00]);
const EARLY_HINTS = Buffer.from("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");

describe("a WebSocket handshake", () => {
  it.each([
    ["the request, after which frames are masked", REQUEST_HEAD, true],
    ["the response, after which they are not", RESPONSE_HEAD, false],
    ["the response behind an interim one", Buffer.concat([EARLY_HINTS, RESPONSE_HEAD]), false],
  ])("ends with %s", (_what, head, isMasked) => {
    const whole = new HandshakeReader().read(Buffer.concat([head, FRAME]));
    expect(whole).toEqual({ kind: "upgraded", offset: head.length, isMasked });
    const byBytes = readByBytes(Buffer.concat([head, FRAME]));
    expect(byBytes).toEqual({ reading: { kind: "upgraded", offset: 1, isMasked }, at: head.length - 1 });
  });

  it.each([
    ["a refusal", "HTTP/1.1 403 Forbidden\r\n\r\n", "the server answered with 403"],
    [
      "another upgrade",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
      "is not a WebSocket upgrade",
    ],
    ["a plain request", "POST /api/v3/order HTTP/1.1\r\nHost: x\r\n\r\n", "is not a WebSocket upgrade"],
    ["another protocol", "SSH-2.0-x\r\n", "does not begin with HTTP/1"],
    ["binary data", "\x00", "does not begin with HTTP/1"],
    ["an endless head", `GET / HTTP/1.1\r\nX: ${"x".repeat(70_000)}`, "too long"],
  ])("is not one in %s", (_what, text, why) => {
    const { reading } = readByBytes(Buffer.from(text));
    expect(reading).toEqual({
      kind: expect.stringMatching(/^(refused|plain)$/),
      why: expect.stringContaining(why),
    });
  });
});
