import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startStage } from "./test-stage.ts";
import { bytesOf, complaintOf, encodeFrame, inChunks, RESPONSE_HEAD, run } from "./test-traffic.ts";

const RUNS = { numRuns: 300 };

describe("a WebSocket toxic that joins midway", () => {
  it("finds a message boundary or passes everything: it only affects whole messages", () => {
    fc.assert(
      fc.property(run, fc.double({ min: 0, max: 1, noNaN: true }), ({ sizes, frames }, where) => {
        const { stage, output } = startStage("ws_drop", {}, "midway");
        const bytes = bytesOf(frames);
        const joinedAt = Math.floor(where * bytes.length);
        for (const chunk of inChunks(bytes.subarray(joinedAt), sizes)) stage.push(chunk);
        const received = Buffer.concat([bytes.subarray(0, joinedAt), output()]);
        expect(complaintOf(received)).toBeUndefined();
      }),
      RUNS,
    );
  });

  const json = (id: number) =>
    encodeFrame({ opcode: 1, payload: Buffer.from(JSON.stringify({ id, price: "1.50" })) });

  it("acts on the first message that comes as a chunk of its own", () => {
    const { stage, output, affected } = startStage("ws_drop", {}, "midway");
    stage.push(json(1).subarray(9));
    stage.push(json(2));
    expect(output().equals(json(1).subarray(9))).toBe(true);
    expect(affected).toHaveLength(1);
  });

  it("finds a message that comes in several chunks by its length", () => {
    const { stage, output } = startStage("ws_drop", {}, "midway");
    const long = encodeFrame({ opcode: 2, payload: Buffer.alloc(200_000, 0x81) });
    for (const chunk of inChunks(long, [65])) stage.push(chunk);
    stage.push(long);
    expect(output().equals(long)).toBe(true);
  });

  it("needs more proof than one short frame that could be chance", () => {
    const { stage, affected } = startStage("ws_drop", {}, "midway");
    const short = encodeFrame({ opcode: 2, payload: Buffer.from([1, 2]) });
    for (let count = 1; count <= 3; count++) stage.push(Buffer.from(short));
    expect(affected).toHaveLength(0);
    stage.push(short);
    expect(affected).toHaveLength(1);
  });

  it("is not misled by text that continues a message whose start it missed", () => {
    const { stage, output } = startStage("ws_drop", {}, "midway");
    const text = Buffer.from("AB".padEnd(68, "x"));
    stage.push(text);
    expect(output().equals(text)).toBe(true);
  });

  it("reads the response of a handshake whose request had passed before", () => {
    const { stage, output } = startStage("ws_drop", {}, "midway");
    stage.push(Buffer.concat([RESPONSE_HEAD, json(1)]));
    expect(output().equals(RESPONSE_HEAD)).toBe(true);
  });
});
