import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Archive, Journal } from "../../evidence/index.ts";
import { eventsOf, filedRun, fileRun, judgedScenario, newArchive } from "../testing/filed-run.ts";
import { rebuildRun } from "./rebuild-run.ts";

const FAILED = judgedScenario("one", "fail");
const RUN = filedRun("pass", [FAILED]);
const PLANNED = ["one", "two", "three"];
const SHOWN = { verdict: "fail", record: { title: "a run (rebuilt from the journal)" } };

describe("the report of a run that did not come to its end", () => {
  let root: string;
  let archive: Archive;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "kanit-rebuild-"));
    archive = await newArchive(root);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  /** What a run leaves that was killed while it carried out its second scenario. */
  function killedInScenarioTwo(): Journal {
    const journal = archive.startJournal();
    for (const event of eventsOf(RUN, PLANNED).slice(0, -1)) journal.append(event.kind, event);
    journal.append("scenario.started", { kind: "scenario.started", scenario: "two" });
    journal.append("phase.started", { kind: "phase.started", scenario: "two", phase: "fault" });
    return journal;
  }
  const filesIn = (folder: string) => readdirSync(folder).sort();
  const recordIn = (folder: string) => JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));

  it("has the fail that was found, whole, and lists what was not judged", async () => {
    killedInScenarioTwo().close();
    const { record, head } = await rebuildRun(archive.folder);
    expect(record).toMatchObject({ verdict: "fail", title: "a run (rebuilt from the journal)" });
    expect(record).toMatchObject({
      scenarios: [FAILED],
      notRun: [
        { name: "two", why: "broken off in its phase fault: the run ended before it was judged" },
        { name: "three", why: "not begun: the run ended before it was judged" },
      ],
    });
    expect(head).toMatch(/^[0-9a-f]{64}$/);
    expect(recordIn(archive.folder)).toEqual(record);
    expect(filesIn(archive.folder)).toEqual([
      "index.html",
      "journal.jsonl",
      "junit.xml",
      "run.json",
      "summary.md",
    ]);
  });

  it("can be asked for again, and says the same", async () => {
    killedInScenarioTwo().close();
    const first = await rebuildRun(archive.folder);
    expect(await rebuildRun(archive.folder)).toEqual(first);
  });

  it("is made whatever a crash while it was written left behind", async () => {
    killedInScenarioTwo().close();
    for (const [name, text] of [
      [".run.json.4711.tmp", '{"schema":"kanit.run/3","run'],
      ["run.json", ""],
      ["run.json", '{"schema":"kanit.run/3","verdict":"pass"'],
      ["index.html", "<!doctype html>"],
    ] as const) {
      writeFileSync(archive.path(name), text);
      expect(await rebuildRun(archive.folder), `${name}: ${text}`).toMatchObject(SHOWN);
      expect(recordIn(archive.folder)).toMatchObject({ verdict: "fail" });
    }
  });

  it("ends before a line that was torn", async () => {
    const journal = killedInScenarioTwo();
    journal.append("scenario.ended", { record: judgedScenario("two", "pass") });
    journal.close();
    const text = readFileSync(journal.path);
    writeFileSync(journal.path, text.subarray(0, -40));
    const { record } = await rebuildRun(archive.folder);
    expect(record).toMatchObject({ ...SHOWN.record, scenarios: [FAILED] });
  });

  it("is the record that the run filed, when its journal could not be written any more", async () => {
    killedInScenarioTwo().close();
    const filed = filedRun("pass", [judgedScenario("one", "pass"), judgedScenario("two", "inconclusive")]);
    await archive.writeJson("run.json", filed);
    const { record, verdict } = await rebuildRun(archive.folder);
    expect(record).toMatchObject({ title: "a run", scenarios: filed.scenarios });
    // What the journal knows is not lost by it.
    expect(verdict).toBe("fail");
  });

  it("is refused where nothing was found, on one line", async () => {
    await expect(rebuildRun(archive.folder)).rejects.toMatchObject({ code: "not-a-run", exitCode: 64 });
    archive.startJournal().close();
    await expect(rebuildRun(archive.folder)).rejects.toMatchObject({ code: "run-not-begun", exitCode: 64 });
  });
});

describe("the report of a run that ended", () => {
  it("is shown, and nothing in its folder is written", async () => {
    const root = await mkdtemp(join(tmpdir(), "kanit-rebuild-"));
    const archive = await newArchive(root);
    const filed = await fileRun(archive, RUN);
    const contents = () =>
      readdirSync(archive.folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), "utf8")]);
    const before = contents();
    const shown = await rebuildRun(archive.folder);
    expect(shown).toMatchObject({ record: RUN, verdict: "fail", head: filed.head });
    expect(contents()).toEqual(before);
    await rm(root, { recursive: true });
  });
});
