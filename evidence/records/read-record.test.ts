import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RUN, SCENARIO } from "../testing/run-record-fixture.ts";
import { readRunRecord } from "./read-record.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kanit-record-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(record: unknown): string {
  const path = join(folder, "run.json");
  writeFileSync(path, typeof record === "string" ? record : JSON.stringify(record));
  return path;
}

describe("a filed run record", () => {
  it("is read as it was filed", async () => {
    expect(await readRunRecord(file(RUN))).toEqual(RUN);
  });

  it("is refused, with the place, when it does not match its schema", async () => {
    const { samples } = SCENARIO;
    const withTimes = (atMs: readonly number[]) => ({ ...SCENARIO, samples: { ...samples, atMs } });
    const cases: readonly (readonly [unknown, RegExp])[] = [
      [{ ...RUN, schema: "kanit.run/2" }, /Expected a record \(kanit\.run\/3, .*, got kanit\.run\/2\./],
      [{ ...RUN, schema: "kanit.drill/3" }, /has at quiet: /],
      [{ ...RUN, schema: undefined }, /has at schema: nothing/],
      [{ ...RUN, verdict: "green" }, /has at verdict: /],
      [{ ...RUN, unheard: 1 }, /has at its root: .*unheard/],
      [
        { ...RUN, scenarios: [withTimes([0])] },
        /has at scenarios\.0\.samples: expected one value for each time/,
      ],
      [
        { ...RUN, scenarios: [withTimes([250, 250])] },
        /has at scenarios\.0\.samples: expected times that rise/,
      ],
    ];
    for (const [record, message] of cases) {
      await expect(readRunRecord(file(record))).rejects.toThrow(message);
    }
  });

  it("is refused when it is truncated or missing", async () => {
    await expect(readRunRecord(file('{"schema":'))).rejects.toMatchObject({ code: "record-unreadable" });
    await expect(readRunRecord(join(folder, "absent.json"))).rejects.toThrow(/no file/);
  });
});
