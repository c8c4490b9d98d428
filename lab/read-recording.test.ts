import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readMarket } from "./read-recording.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kanit-market-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const SNAPSHOT = '{"lastUpdateId":7,"bids":[["10.00","1.0"]],"asks":[["11.00","2.0"]]}';
const frameOf = (symbol: string) =>
  `1723161253000000000 {"stream":"${symbol}@depth@100ms","data":{"e":"depthUpdate","E":1,"s":"X","U":8,"u":9,"b":[],"a":[]}}`;

function write(name: string, ...lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.join("\n"));
  return path;
}

it("is the synthetic market without a recording", async () => {
  expect(await readMarket(["synthetic"], [])).toEqual({ kind: "synthetic" });
});

it("has the symbols of its recordings, which a snapshot completes", async () => {
  const [tape, snapshot] = [write("eth.jsonl", frameOf("ethusdt")), write("depth.json", SNAPSHOT)];
  expect(await readMarket([tape], [snapshot])).toEqual({
    ...{ kind: "recording", paths: [tape], snapshots: [snapshot] },
    symbols: ["ETHUSDT"],
  });
});

it("refuses in one line, before anything starts, what the stubs cannot play", async () => {
  const bare = write("bare.jsonl", frameOf("btcusdt"));
  await expect(readMarket([bare], [])).rejects.toMatchObject({
    code: "unplayable-tape",
    exitCode: 64,
    message: expect.stringMatching(
      /^Expected frames and a depth snapshot up to the end in line 1 of bare\.jsonl\..*$/,
    ),
  });
  const other = write("other.jsonl", frameOf("solusdt"), `1723161253000000000 ${SNAPSHOT}`);
  await expect(readMarket([other], [])).rejects.toThrow(
    /Expected a recording of BTCUSDT or ETHUSDT.* got SOLUSDT/,
  );
  await expect(readMarket([other, "synthetic"], [])).rejects.toThrow(/got both/);
});
