import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createJournal } from "./journal.ts";
import { RUN } from "./testing/run-record-fixture.ts";
import { compareVerdicts } from "./verdict-agreement.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kanit-verdict-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fileJournal(...verdicts: readonly string[]): void {
  const clock = { nowMs: () => 0 };
  using journal = createJournal({ path: join(folder, "journal.jsonl"), clock, redact: (value) => value });
  for (const verdict of verdicts) journal.append("run.ended", { verdict });
}
const fileRecord = (record: unknown) => writeFileSync(join(folder, "run.json"), JSON.stringify(record));

describe("the verdict of a run's record", () => {
  it("is the one that its journal ends with", async () => {
    fileJournal("pass");
    fileRecord(RUN);
    expect(await compareVerdicts(folder)).toEqual({ kind: "same", verdict: "pass" });
  });

  it("shows when it was turned to pass", async () => {
    fileJournal("fail");
    fileRecord({ ...RUN, verdict: "pass" });
    expect(await compareVerdicts(folder)).toEqual({ kind: "different", record: "pass", journal: "fail" });
  });

  it("is not known of a run that did not end", async () => {
    fileJournal();
    expect(await compareVerdicts(folder)).toEqual({ kind: "incomplete", missing: "a record" });
    fileRecord(RUN);
    expect(await compareVerdicts(folder)).toEqual({
      kind: "incomplete",
      missing: "a verdict in the journal",
    });
  });

  it("is refused where the record is none of this version", async () => {
    fileJournal("pass");
    fileRecord({ ...RUN, schema: "kanit.run/1" });
    await expect(compareVerdicts(folder)).rejects.toMatchObject({ code: "record-unreadable" });
  });
});
