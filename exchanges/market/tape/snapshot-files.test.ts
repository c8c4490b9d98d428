import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { levels } from "../../testing/tapes.ts";
import { openRecordedTape } from "./recorded-tape.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kanit-tape-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const SNAPSHOT = '{"lastUpdateId":7,"bids":[["10.00","1.0"]],"asks":[["11.00","2.0"]]}';

/** A line with a change of BTCUSDT's book, from one update to another, of its best bid. */
function change(from: number, to: number, quantity: string): string {
  const data = {
    e: "depthUpdate",
    E: 1723161253000,
    s: "BTCUSDT",
    U: from,
    u: to,
    b: [["10.00", quantity]],
    a: [],
  };
  return `1723161253001000000 ${JSON.stringify({ stream: "btcusdt@depth@100ms", data })}`;
}

function write(name: string, ...lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.join("\n"));
  return path;
}

describe("a recording without a depth snapshot", () => {
  it("is completed by the venue's answer in a file of its own", async () => {
    const tape = openRecordedTape([write("after.jsonl", change(8, 9, "3"))], [write("depth.json", SNAPSHOT)]);
    expect((await tape.tracks)[0]?.snapshot).toMatchObject({ lastUpdateId: 7, bids: levels(["10", "1"]) });
  });

  it("is completed by the recording before it, with its book at the end", async () => {
    const before = write("before.jsonl", `1723161253000000000 ${SNAPSHOT}`, change(8, 9, "3"));
    const tape = openRecordedTape([write("after.jsonl", change(10, 11, "4"))], [before]);
    expect((await tape.tracks)[0]?.snapshot).toEqual({
      lastUpdateId: 9,
      bids: levels(["10", "3"]),
      asks: levels(["11", "2"]),
    });
  });

  it("is refused where updates are missing between both, or where the snapshot is something else", async () => {
    const later = openRecordedTape(
      [write("late.jsonl", change(10, 11, "4"))],
      [write("depth.json", SNAPSHOT)],
    );
    await expect(later.tracks).rejects.toThrow(
      "Expected the snapshot of BTCUSDT to reach update 9, where late.jsonl begins, got 7.",
    );
    const odd = openRecordedTape(
      [write("after.jsonl", change(8, 9, "3"))],
      [write("odd.json", '{"bids":1}')],
    );
    await expect(odd.tracks).rejects.toMatchObject({ code: "bad-snapshot-file", exitCode: 64 });
  });
});

describe("several recordings", () => {
  it("of the same symbol are refused", async () => {
    const one = write("one.jsonl", `1723161253000000000 ${SNAPSHOT}`, change(8, 9, "3"));
    const other = write("other.jsonl", `1723161253000000000 ${SNAPSHOT}`, change(8, 9, "3"));
    await expect(openRecordedTape([one, other]).tracks).rejects.toMatchObject({
      code: "symbol-recorded-twice",
    });
  });
});
