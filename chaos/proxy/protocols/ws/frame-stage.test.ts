import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MESSAGE_CAPACITY_BYTES } from "./message-work.ts";
import { startStage } from "./test-stage.ts";
import {
  bytesOf,
  chunkSizes,
  complaintOf,
  encodeFrame,
  inChunks,
  plainRun,
  RESPONSE_HEAD,
  run,
  type TrafficFrame,
} from "./test-traffic.ts";

const RUNS = { numRuns: 300 };
const NEVER = { nth: 1_000_000 };
const NO_TEXT = { pattern: "no text has \\x00 this" };

/** Every WebSocket toxic, waiting for a message that does not come. */
const ARMED = [
  ["ws_close", NEVER],
  ["ws_corrupt", NEVER],
  ["ws_delay", { ...NEVER, delay: 1_000 }],
  ["ws_drop", NEVER],
  ["ws_drop", NO_TEXT],
  ["ws_duplicate", NEVER],
  ["ws_no_pong", NEVER],
  ["ws_reorder", NEVER],
  ["ws_swallow", NO_TEXT],
] as const;

/** Every one, configured to affect about half of the messages. */
const FIRING = [
  ["ws_close", { share: 0.5 }],
  ["ws_corrupt", { share: 0.5, bytes: 3 }],
  ["ws_delay", { share: 0.5, delay: 100_000 }],
  ["ws_delay", { share: 0.5, delay: 100_000, order: "overtake" }],
  ["ws_drop", { share: 0.5 }],
  ["ws_duplicate", { share: 0.5 }],
  ["ws_no_pong", { share: 0.5 }],
  ["ws_reorder", { share: 0.5 }],
  ["ws_swallow", { pattern: "a" }],
] as const;

/** The frames of messages that a toxic did not affect; `taken` has the numbers of those that it did. */
function without(frames: readonly TrafficFrame[], isTaken: (message: number) => boolean): Buffer {
  return bytesOf(frames.filter(({ message }) => message === 0 || !isTaken(message)));
}

describe("a WebSocket toxic that does not fire", () => {
  it.each(ARMED)("%s passes valid traffic on byte for byte, however it is cut (%o)", (type, attributes) => {
    fc.assert(
      fc.property(run, ({ head, sizes, frames }) => {
        const { stage, output, gaveUp, affected } = startStage(type, attributes);
        const bytes = Buffer.concat([head, bytesOf(frames)]);
        for (const chunk of inChunks(bytes, sizes)) stage.push(chunk);
        expect(output().equals(bytes)).toBe(true);
        expect({ gaveUp, affected, heldBytes: stage.heldBytes }).toEqual({
          gaveUp: gaveUp.filter((why) => why.startsWith("compressed")),
          affected: [],
          heldBytes: 0,
        });
      }),
      RUNS,
    );
  });

  it("passes a chunk on unchanged: one item, without a copy", () => {
    const { stage, items } = startStage("ws_drop", NEVER);
    const frame = encodeFrame({ opcode: 1, payload: Buffer.from("hello") });
    stage.push(RESPONSE_HEAD);
    const chunk = Buffer.concat(Array.from({ length: 100 }, () => frame));
    stage.push(chunk);
    const [, passed] = items;
    expect(items).toHaveLength(2);
    expect(Buffer.isBuffer(passed) && passed.buffer === chunk.buffer && passed.length === chunk.length).toBe(
      true,
    );
  });

  it("passes a large frame on as it arrives, not when it is complete", () => {
    const { stage, output } = startStage("ws_drop", NEVER);
    stage.push(RESPONSE_HEAD);
    const frame = encodeFrame({ opcode: 2, payload: Buffer.alloc(100_000) });
    stage.push(frame.subarray(0, 5_000));
    expect(output().length).toBe(RESPONSE_HEAD.length + 5_000);
    expect(stage.heldBytes).toBe(0);
  });
});

describe("a WebSocket toxic that fires", () => {
  it("affects exactly the chosen messages with all their fragments, and no control frames", () => {
    fc.assert(
      fc.property(plainRun, ({ head, sizes, frames }) => {
        const { stage, output } = startStage("ws_drop", { every: 2 });
        for (const chunk of inChunks(Buffer.concat([head, bytesOf(frames)]), sizes)) stage.push(chunk);
        const expected = Buffer.concat([head, without(frames, (message) => message % 2 === 0)]);
        expect(output().equals(expected)).toBe(true);
      }),
      RUNS,
    );
  });

  it.each(FIRING)(
    "%s never leaves half a message when it is removed at any byte (%o)",
    (type, attributes) => {
      fc.assert(
        fc.property(
          plainRun,
          fc.double({ min: 0, max: 1, noNaN: true }),
          ({ head, sizes, frames }, where) => {
            const { stage, output, items } = startStage(type, attributes);
            const bytes = bytesOf(frames);
            const removedAt = Math.floor(where * bytes.length);
            stage.push(head);
            for (const chunk of inChunks(bytes.subarray(0, removedAt), sizes)) stage.push(chunk);
            expect(stage.heldBytes).toBeLessThanOrEqual(MESSAGE_CAPACITY_BYTES);
            stage.release();
            expect(stage.heldBytes).toBe(0);
            if (items.includes("close")) return; // It has closed the connection.
            const received = Buffer.concat([output().subarray(head.length), bytes.subarray(removedAt)]);
            expect(complaintOf(received)).toBeUndefined();
          },
        ),
        RUNS,
      );
    },
  );

  it.each(["keep", "overtake"])("ws_delay passes everything when it is removed (%s)", (order) => {
    fc.assert(
      fc.property(plainRun, ({ head, sizes, frames }) => {
        const { stage, output } = startStage("ws_delay", { share: 0.5, delay: 100_000, order });
        for (const chunk of inChunks(Buffer.concat([head, bytesOf(frames)]), sizes)) stage.push(chunk);
        stage.release();
        expect(output().length).toBe(head.length + bytesOf(frames).length);
        expect(complaintOf(output().subarray(head.length))).toBeUndefined();
      }),
      RUNS,
    );
  });
});

describe("a WebSocket toxic on what it cannot parse", () => {
  const anything = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes));
  const start = fc.constantFrom("from-start" as const, "midway" as const);

  it.each(ARMED)("%s passes random bytes on, and holds no more than a header (%o)", (type, attributes) => {
    fc.assert(
      fc.property(anything, chunkSizes, start, fc.boolean(), (bytes, sizes, joined, upgraded) => {
        const { stage, output } = startStage(type, attributes, joined);
        const all = upgraded ? Buffer.concat([RESPONSE_HEAD, bytes]) : bytes;
        for (const chunk of inChunks(all, sizes)) stage.push(chunk);
        stage.push("end");
        expect(output().equals(all)).toBe(true);
        expect(stage.heldBytes).toBe(0);
      }),
      RUNS,
    );
  });

  it.each(FIRING)("%s survives damaged traffic, and keeps nothing (%o)", (type, attributes) => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 });
    fc.assert(
      fc.property(run, damage, fc.nat(), ({ head, sizes, frames }, changes, cut) => {
        const { stage, items } = startStage(type, attributes);
        const bytes = bytesOf(frames);
        for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
        stage.push(head);
        for (const chunk of inChunks(bytes.subarray(0, cut % (bytes.length + 1)), sizes)) {
          stage.push(chunk);
          expect(stage.heldBytes).toBeLessThanOrEqual(MESSAGE_CAPACITY_BYTES + 65_536);
        }
        stage.push("end");
        stage.release();
        expect(stage.heldBytes).toBe(0);
        expect(items.at(-1)).toBeTypeOf("string");
      }),
      RUNS,
    );
  });

  it.each([
    ["TLS", Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]), "encrypted"],
    [
      "a response that is no upgrade",
      Buffer.from("HTTP/1.1 200 OK\r\n\r\nhello"),
      "the server answered with 200",
    ],
    [
      "a request that asks for none",
      Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
      "is not a WebSocket upgrade",
    ],
    ["another protocol", Buffer.from("\x00\x00\x00\x08 hello"), "does not begin with HTTP/1"],
    ["reserved bits", Buffer.concat([RESPONSE_HEAD, Buffer.from([0xf1, 0x00])]), "reserved bits"],
  ])("reports once that it cannot parse %s", (_what, bytes, why) => {
    const { stage, gaveUp, output } = startStage("ws_drop");
    stage.push(bytes);
    stage.push(bytes);
    expect(gaveUp).toEqual([expect.stringContaining(why)]);
    expect(output().equals(Buffer.concat([bytes, bytes]))).toBe(true);
  });

  it("passes what it held before the bytes that it cannot parse", () => {
    const { stage, output } = startStage("ws_reorder");
    const frame = encodeFrame({ opcode: 1, payload: Buffer.from("held") });
    const bytes = Buffer.concat([RESPONSE_HEAD, frame, Buffer.from([0xff, 0xff])]);
    stage.push(bytes);
    expect(output().equals(bytes)).toBe(true);
  });

  it("passes a message that is too long to be held, and reports it", () => {
    const { stage, output, gaveUp } = startStage("ws_drop");
    const long = encodeFrame({ opcode: 2, payload: Buffer.alloc(2 * 1024 * 1024) });
    const bytes = Buffer.concat([RESPONSE_HEAD, long]);
    for (const chunk of inChunks(bytes, [64])) stage.push(chunk);
    expect(output().equals(bytes)).toBe(true);
    expect(gaveUp).toEqual([expect.stringContaining("pass unchanged")]);
  });
});
