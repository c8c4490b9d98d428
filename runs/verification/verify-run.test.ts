import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { mergeVerdicts } from "../../core/index.ts";
import { RUN_SCHEMA } from "../../evidence/index.ts";
import type { FiledRun } from "../run-filing.ts";
import { filedRun, fileRun, judgedScenario, newArchive } from "../testing/filed-run.ts";
import { edit, restate } from "../testing/forge-evidence.ts";
import { CHANGED_FOLDERS } from "../testing/tampers/changed-folders.ts";
import { CHANGED_JOURNALS } from "../testing/tampers/changed-journals.ts";
import { CHANGED_MANIFESTS } from "../testing/tampers/changed-manifests.ts";
import { FORGED_VERDICTS } from "../testing/tampers/forged-verdicts.ts";
import { TamperedRun } from "../testing/tampers/tamper.ts";
import { UNCLEAR_FOLDERS } from "../testing/tampers/unclear-folders.ts";
import { verifyRun } from "./verify-run.ts";

const RUN = filedRun("pass", [judgedScenario("one", "fail"), judgedScenario("two", "pass")]);
const CHANGED = [...FORGED_VERDICTS, ...CHANGED_FOLDERS, ...CHANGED_JOURNALS, ...CHANGED_MANIFESTS];

let original = "";
let filed: FiledRun<typeof RUN>;
let run: TamperedRun;
beforeAll(async () => {
  original = mkdtempSync(join(tmpdir(), "kanit-verify-"));
  filed = await fileRun(await newArchive(original), RUN);
});
afterAll(() => rmSync(original, { recursive: true }));
beforeEach(() => {
  run = new TamperedRun(join(mkdtempSync(join(tmpdir(), "kanit-verify-")), "run"));
  cpSync(filed.folder, run.folder, { recursive: true });
});
afterEach(() => rmSync(run.outside(""), { recursive: true }));

async function found(knownHead: string | null = null, folder = run.folder) {
  const findings = await verifyRun(folder, knownHead);
  return {
    verdict: mergeVerdicts(findings.map(({ verdict }) => verdict)),
    text: findings.map(({ verdict, line }) => `${verdict}: ${line}`).join("\n"),
  };
}

describe("the evidence of a run", () => {
  it("passes when all of it agrees, whatever the run's own verdict was", async () => {
    expect(await found()).toEqual({
      verdict: "pass",
      text: [
        "pass: journal: 9 lines hold together, to its end",
        "pass: manifest: 5 files are as they were written, and nothing else is there",
        "pass: verdict: the record, its report and the journal say fail",
      ].join("\n"),
    });
  });

  it.each(["/dev/null", "/dev/null/x", "/nowhere", `/${"x".repeat(9_000)}`])(
    "is not at %.20s",
    async (path) => {
      await expect(verifyRun(path, null)).rejects.toMatchObject({ code: "not-a-run", exitCode: 64 });
    },
  );

  it("passes where it was copied, with the modes that copying leaves", async () => {
    for (const name of ["", "logs"]) chmodSync(run.at(name), 0o2755);
    for (const name of ["run.json", "journal.jsonl"]) chmodSync(run.at(name), 0o644);
    expect(await found(filed.head)).toMatchObject({ verdict: "pass" });
  });

  it.each(CHANGED)("shows: $name", async ({ tamper, says }) => {
    tamper(run);
    const { verdict, text } = await found();
    expect(text).toMatch(says);
    expect(verdict).toBe("fail");
  });

  it.each(UNCLEAR_FOLDERS)("leaves open what came of $name", async ({ tamper, says }) => {
    tamper(run);
    const { verdict, text } = await found();
    expect(text).toMatch(says);
    expect(verdict).toBe("inconclusive");
  });

  it("shows a socket that was added", async () => {
    await using server = createServer();
    await new Promise<void>((resolve) => server.listen(run.at("socket"), resolve));
    expect((await found()).text).toMatch(/^fail: socket: was added \(socket\)/m);
  });

  it("is one line when it is of another version", async () => {
    edit(run.folder, "manifest.json", "kanit.manifest/3", "kanit.manifest/2");
    expect(await found()).toEqual({
      verdict: "inconclusive",
      text: "inconclusive: the evidence is of another version of kanit (kanit.manifest/2): verify it with the one that wrote it",
    });
  });

  it("says which version its record is of", async () => {
    edit(run.folder, "run.json", RUN_SCHEMA, "kanit.run/1");
    restate(run.folder);
    const { verdict, text } = await found();
    expect(text).toContain("run.json: is of version kanit.run/1: verify it with the kanit that wrote it");
    expect(verdict).toBe("inconclusive");
  });
});

describe("a journal's hash that was kept elsewhere", () => {
  it("is the last line's, which the run printed", async () => {
    expect(await found(filed.head)).toMatchObject({
      verdict: "pass",
      text: expect.stringContaining("head: the journal ends with the hash that is known"),
    });
  });

  it("covers the journal up to its line, when it is the one in the page", async () => {
    const hash = /id="journal-hash">(\w{64})</.exec(readFileSync(run.at("index.html"), "utf8"))?.[1] ?? "";
    expect(await found(hash)).toMatchObject({
      verdict: "inconclusive",
      text: expect.stringContaining("head: it is the hash of line 8"),
    });
  });

  it("is all that shows a run that was forged in every part", async () => {
    const archive = await newArchive(run.outside("forged"));
    const { folder } = await fileRun(archive, filedRun("pass", [judgedScenario("one", "pass")]));
    expect(await found(null, folder)).toMatchObject({ verdict: "pass" });
    expect(await found(filed.head, folder)).toMatchObject({
      verdict: "fail",
      text: expect.stringMatching(/^fail: head: the journal ends with \w{64}, and \w{64} is nowhere in it/m),
    });
  });
});
