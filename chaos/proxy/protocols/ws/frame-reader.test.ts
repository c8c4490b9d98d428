import { describe, expect, it } from "vitest";
import { closeFrame } from "./close-frame.ts";
import { OPCODE } from "./frame-header.ts";
import { FrameReader } from "./frame-reader.ts";
import { encodeFrame } from "./test-traffic.ts";

const KEY = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** The result of a reader for bytes that arrive at once. */
function read(...bytes: readonly number[]) {
  return new FrameReader().read(Buffer.from(bytes));
}

describe("a WebSocket frame reader", () => {
  it("reads the examples of RFC 6455, 5.7", () => {
    const unmasked = read(0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f).parts[0]?.frame;
    expect(unmasked).toMatchObject({ fin: true, opcode: OPCODE.text, payloadBytes: 5, maskKey: undefined });
    const masked = read(0x81, 0x85, ...KEY, 0x7f, 0x9f, 0x4d, 0x51, 0x58).parts[0]?.frame;
    expect(masked).toMatchObject({ opcode: OPCODE.text, payloadBytes: 5, maskKey: KEY });
    const fragments = read(0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f).parts.map(
      ({ frame }) => frame,
    );
    expect(fragments.map(({ fin, opcode }) => ({ fin, opcode }))).toEqual([
      { fin: false, opcode: OPCODE.text },
      { fin: true, opcode: OPCODE.continuation },
    ]);
  });

  it.each([0, 125, 126, 65_535, 65_536, 70_000])("reads a length of %i bytes", (length) => {
    const frame = encodeFrame({ opcode: OPCODE.binary, payload: Buffer.alloc(length), maskKey: KEY });
    const { parts } = new FrameReader().read(frame);
    expect(parts).toHaveLength(1);
    expect(parts[0]).toMatchObject({
      begins: true,
      ends: true,
      frame: { payloadBytes: length, isMinimal: true },
    });
  });

  it("accepts a length in more bytes than necessary, as some senders write it", () => {
    expect(read(0x82, 126, 0, 1, 7).parts[0]?.frame).toMatchObject({ payloadBytes: 1, isMinimal: false });
  });

  it.each([
    ["reserved bits", [0xa1, 0x00], "reserved bits"],
    ["a reserved opcode", [0x83, 0x00], "opcode 3 is reserved"],
    ["a fragmented ping", [0x09, 0x00], "a control frame is fragmented"],
    ["a long ping", [0x89, 126, 0, 126], "longer than 125 bytes"],
    ["a compressed pong", [0xca, 0x00], "compression bit"],
    ["a continuation of nothing", [0x80, 0x00], "without a message"],
    ["a message within another", [0x01, 0x00, 0x81, 0x00], "begins within another"],
    ["a mask after none", [0x81, 0x00, 0x81, 0x80, 1, 2, 3, 4], "is masked, but must not be"],
    ["an impossible length", [0x82, 127, 0xff, 0, 0, 0, 0, 0, 0, 0], "beyond what numbers can count"],
  ])("reports what is wrong with %s", (_what, bytes, why) => {
    expect(read(...bytes).rest).toMatchObject({ kind: "unreadable", why: expect.stringContaining(why) });
  });

  it("returns the bytes after a close frame, which are not a frame", () => {
    const close = closeFrame(1_000, "bye", undefined);
    const { parts, rest } = new FrameReader().read(Buffer.concat([close, Buffer.from("rest")]));
    expect(parts.map(({ bytes }) => bytes)).toEqual([close]);
    expect(rest).toEqual({ kind: "closed", bytes: Buffer.from("rest") });
  });
});
