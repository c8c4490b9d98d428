import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { mergeVerdicts } from "../../core/index.ts";
import type { FiledRun } from "../run-filing.ts";
import { filedRun, fileRun, judgedScenario, newArchive } from "../testing/filed-run.ts";
import { edit, type ForgedLine, rechain, rehashManifest, restate } from "../testing/forge-evidence.ts";
import { verifyRun } from "./verify-run.ts";

const RUN = filedRun("pass", [judgedScenario("one", "fail"), judgedScenario("two", "pass")]);
const GIGABYTE = 2 ** 30;

let root = "";
let folder = "";
let filed: FiledRun<typeof RUN>;
let original = "";
beforeAll(async () => {
  original = mkdtempSync(join(tmpdir(), "kanit-verify-"));
  filed = await fileRun(await newArchive(original), RUN);
});
afterAll(() => rmSync(original, { recursive: true }));
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "kanit-verify-"));
  folder = join(root, "run");
  cpSync(filed.folder, folder, { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

const at = (name: string) => join(folder, name);
const outside = (name: string) => join(root, name);
const turnRecord = () => edit(folder, "run.json", /"verdict": "fail"/g, '"verdict": "pass"');
/** Puts something else in a file's place. */
const replaceBy = (name: string, put: (path: string) => void) => {
  renameSync(at(name), outside("moved"));
  put(at(name));
};
const pipe = (path: string) => execFileSync("mkfifo", [path]);
const edited = (lines: ForgedLine[], kind: string, change: (data: ForgedLine["data"]) => void) => {
  for (const line of lines) if (line.kind === kind) change(line.data);
  return lines;
};
const journalLines = () => readFileSync(at("journal.jsonl"), "utf8").trimEnd().split("\n");
const writeLines = (lines: readonly string[]) => writeFileSync(at("journal.jsonl"), `${lines.join("\n")}\n`);

async function found(knownHead: string | null = null) {
  const findings = await verifyRun(folder, knownHead);
  return {
    verdict: mergeVerdicts(findings.map(({ verdict }) => verdict)),
    text: findings.map(({ verdict, line }) => `${verdict}: ${line}`).join("\n"),
  };
}

interface Tamper {
  readonly name: string;
  readonly tamper: () => void;
  /** What a line of the findings says. */
  readonly says: RegExp;
}

const CHANGED: readonly Tamper[] = [
  { name: "the record's verdict turned", tamper: turnRecord, says: /^fail: run.json: was changed: SHA-256/m },
  {
    name: "… and the manifest rehashed",
    tamper: () => {
      turnRecord();
      rehashManifest(folder);
    },
    says: /^fail: manifest.json: has SHA-256 \w{64}, the journal states \w{64}/m,
  },
  {
    name: "… and the journal's last line made to state that manifest",
    tamper: () => {
      turnRecord();
      restate(folder);
    },
    says: /^fail: run.json: says pass, the journal ends with fail/m,
  },
  {
    name: "… and a pass in the last line",
    tamper: () => {
      turnRecord();
      restate(folder, { verdict: "pass" });
    },
    says: /^fail: run.json: verdict is "pass", the journal has "fail"/m,
  },
  {
    name: "… and in each line with the run's verdict",
    tamper: () => {
      turnRecord();
      rechain(folder, (lines) =>
        edited(lines, "run.ended", (data) => Object.assign(data, { verdict: "pass" })),
      );
      restate(folder, { verdict: "pass" });
    },
    says: /^fail: run.json: scenarios.0.verdict is "pass", the journal has "fail"/m,
  },
  {
    name: "only the run's own verdict turned, everywhere",
    tamper: () => {
      edit(folder, "run.json", /"verdict": "fail"(?=,\s+"environment")/, '"verdict": "pass"');
      rechain(folder, (lines) =>
        edited(lines, "run.ended", (data) => Object.assign(data, { verdict: "pass" })),
      );
      restate(folder, { verdict: "pass" });
    },
    says: /^fail: run.json: says pass, and what it holds adds up to fail/m,
  },
  {
    name: "a check's figure changed in the record, all hashed anew",
    tamper: () => {
      edit(folder, "run.json", '"received": "2"', '"received": "1"');
      restate(folder);
    },
    says: /^fail: run.json: scenarios.0.checks.0.received is "1", the journal has "2"/m,
  },
  {
    name: "the page's verdict turned, all hashed anew",
    tamper: () => {
      edit(folder, "index.html", '<span id="verdict">FAIL<', '<span id="verdict">PASS<');
      restate(folder);
    },
    says: /^fail: index.html: says pass, the record says fail/m,
  },
  {
    name: "the record that the page embeds turned, all hashed anew",
    tamper: () => {
      edit(folder, "index.html", '"received":"2"', '"received":"1"');
      restate(folder);
    },
    says: /^fail: index.html: does not embed the record that is filed/m,
  },
  {
    name: "the summary's verdict turned, all hashed anew",
    tamper: () => {
      edit(folder, "summary.md", " FAIL: ", " PASS: ");
      restate(folder);
    },
    says: /^fail: summary.md: says pass, the record says fail/m,
  },
  {
    name: "a failure taken out of JUnit, all hashed anew",
    tamper: () => {
      edit(folder, "junit.xml", /<failure [\s\S]*?<\/failure>/, "");
      restate(folder);
    },
    says: /^fail: junit.xml: counts 2 failures, and has 1/m,
  },
  {
    name: "JUnit without any failure, all hashed anew",
    tamper: () => {
      edit(folder, "junit.xml", /<failure [\s\S]*?<\/failure>/g, "");
      edit(folder, "junit.xml", /failures="\d"/g, 'failures="0"');
      restate(folder);
    },
    says: /^fail: junit.xml: says pass, the record says fail/m,
  },
  {
    name: "a log cut",
    tamper: () => truncateSync(at("logs/platform.log"), 3),
    says: /^fail: logs\/platform.log: was changed: it has 3 bytes, not 8/m,
  },
  {
    name: "a log written on",
    tamper: () => appendFileSync(at("logs/platform.log"), "all was well\n"),
    says: /^fail: logs\/platform.log: was changed: it has 21 bytes, not 8/m,
  },
  { name: "a file removed", tamper: () => rmSync(at("summary.md")), says: /^fail: summary.md: is missing/m },
  {
    name: "the record removed",
    tamper: () => rmSync(at("run.json")),
    says: /^fail: run.json: is missing/m,
  },
  {
    name: "a file added",
    tamper: () => writeFileSync(at("logs/x.log"), "x"),
    says: /^fail: logs\/x.log: was added \(file\)/m,
  },
  {
    name: "a symbolic link added",
    tamper: () => symlinkSync("/etc/passwd", at("link")),
    says: /^fail: link: was added \(symbolic link\)/m,
  },
  { name: "a pipe added", tamper: () => pipe(at("pipe")), says: /^fail: pipe: was added \(pipe\)/m },
  {
    name: "an empty folder added",
    tamper: () => mkdirSync(at("logs/empty")),
    says: /^fail: logs\/empty: was added \(empty folder\)/m,
  },
  {
    name: "a temporary file added",
    tamper: () => writeFileSync(at(".x.tmp"), ""),
    says: /^fail: .x.tmp: was added \(file\)/m,
  },
  {
    name: "a file with line breaks in its name",
    tamper: () => writeFileSync(at("x\n✓ all\r\u001b[2K"), ""),
    says: /^fail: "x\\u\{a\}✓ all\\u\{d\}\\u\{1b\}\[2K": was added/m,
  },
  {
    name: "a file whose name turns the direction of writing",
    tamper: () => writeFileSync(at("\u202egnp.nosj"), ""),
    says: /^fail: "\\u\{202e\}gnp.nosj": was added/m,
  },
  {
    name: "a file whose name is no UTF-8",
    tamper: () => writeFileSync(Buffer.concat([Buffer.from(at("x")), Buffer.of(0xff, 0x5c)]), ""),
    says: /^fail: "x\\xff\\x5c": was added/m,
  },
  {
    name: "a file replaced by a link to the same content",
    tamper: () => replaceBy("run.json", (path) => symlinkSync(outside("moved"), path)),
    says: /^fail: run.json: is of another kind: symbolic link, not file/m,
  },
  {
    name: "a folder replaced by a link to the same content",
    tamper: () => replaceBy("logs", (path) => symlinkSync(outside("moved"), path)),
    says: /^fail: logs\/platform.log: is missing/m,
  },
  {
    name: "a file replaced by a pipe",
    tamper: () => replaceBy("run.json", pipe),
    says: /^fail: run.json: is of another kind: pipe, not file/m,
  },
  {
    name: "a file replaced by a folder",
    tamper: () => replaceBy("run.json", (path) => mkdirSync(path)),
    says: /^fail: run.json: is of another kind: empty folder, not file/m,
  },
  {
    name: "a record too large to read",
    tamper: () => truncateSync(at("run.json"), GIGABYTE),
    says: /^fail: run.json: has 1073741824 bytes, more than the \d+ that are read/m,
  },
  {
    name: "a line of the journal edited",
    tamper: () => edit(folder, "journal.jsonl", '"received":"2"', '"received":"1"'),
    says: /^fail: journal: line 5 was changed: expected hash/m,
  },
  {
    name: "a line of the journal removed",
    tamper: () => writeLines(journalLines().toSpliced(4, 1)),
    says: /^fail: journal: line 5 was changed: expected sequence 4, got sequence 5/m,
  },
  {
    name: "lines of the journal swapped",
    tamper: () => writeLines(journalLines().toSpliced(1, 2, ...journalLines().slice(1, 3).toReversed())),
    says: /^fail: journal: line 2 was changed/m,
  },
  {
    name: "a line removed and the chain made anew",
    tamper: () => rechain(folder, (lines) => lines.toSpliced(4, 1)),
    says: /^fail: journal: line 8 was changed: expected journal.closed of 8 lines, got journal.closed of 9 lines/m,
  },
  {
    name: "a line removed, the chain made anew and the count corrected",
    tamper: () => {
      rechain(folder, (lines) => lines.toSpliced(4, 1));
      restate(folder, { lines: 8 });
    },
    says: /^fail: run.json: scenarios.0.name is "one", the journal has "two"/m,
  },
  {
    name: "a line added after the end",
    tamper: () => appendFileSync(at("journal.jsonl"), `${journalLines()[1]}\n`),
    says: /^fail: journal: line 10 was changed/m,
  },
  {
    name: "the journal emptied",
    tamper: () => truncateSync(at("journal.jsonl"), 0),
    says: /^fail: run.json: the journal has nothing of what it says/m,
  },
  {
    name: "the journal removed",
    tamper: () => rmSync(at("journal.jsonl")),
    says: /^fail: .*journal.jsonl, but it is missing/m,
  },
  {
    name: "the journal replaced by a link",
    tamper: () => replaceBy("journal.jsonl", (path) => symlinkSync(outside("moved"), path)),
    says: /^fail: .*journal.jsonl, but it is a symbolic link/m,
  },
  {
    name: "the journal replaced by a pipe",
    tamper: () => replaceBy("journal.jsonl", pipe),
    says: /^fail: .*journal.jsonl, but it is no regular file/m,
  },
  {
    name: "the journal made one endless line",
    tamper: () => truncateSync(at("journal.jsonl"), GIGABYTE),
    says: /^fail: .*journal.jsonl, but it has a line that never ends/m,
  },
  {
    name: "the manifest removed",
    tamper: () => rmSync(at("manifest.json")),
    says: /^fail: manifest.json: is missing/m,
  },
  {
    name: "the manifest replaced by a link",
    tamper: () => replaceBy("manifest.json", (path) => symlinkSync(outside("moved"), path)),
    says: /^fail: manifest.json: is a symbolic link, not a file/m,
  },
  {
    name: "a file left out of the manifest, and removed",
    tamper: () => {
      edit(folder, "manifest.json", /\{\s+"path": "logs\/platform.log",[^}]*\},\s+/, "");
      rmSync(at("logs"), { recursive: true });
      restate(folder, { manifest: "f".repeat(64) });
    },
    says: /^fail: manifest.json: has SHA-256/m,
  },
  {
    name: "a file stated twice",
    tamper: () => {
      edit(folder, "manifest.json", /(\{\s+"path": "summary.md",[^}]*\})/, "$1, $1");
      restate(folder);
    },
    says: /^fail: manifest.json: states summary.md twice/m,
  },
  {
    name: "a manifest that is no JSON",
    tamper: () => truncateSync(at("manifest.json"), 30),
    says: /^fail: manifest.json: is no JSON/m,
  },
  {
    name: "a manifest that leads out of the folder",
    tamper: () => {
      edit(folder, "manifest.json", '"logs/platform.log"', '"../../../etc/passwd"');
      rechain(folder, (lines) => lines);
    },
    says: /^fail: ..\/..\/..\/etc\/passwd: is missing/m,
  },
];

/** What leaves open whether something was changed. */
const UNCLEAR: readonly Tamper[] = [
  {
    name: "a hard link to a file, from outside",
    tamper: () => linkSync(at("run.json"), outside("other-name")),
    says: /^inconclusive: run.json: is also known by 1 other name/m,
  },
  {
    name: "a file that anybody may write",
    tamper: () => chmodSync(at("run.json"), 0o666),
    says: /^inconclusive: run.json: has mode 0666/m,
  },
  {
    name: "a file that runs as its owner",
    tamper: () => chmodSync(at("logs/platform.log"), 0o4600),
    says: /^inconclusive: logs\/platform.log: has mode 4600/m,
  },
  {
    name: "a file that is a program",
    tamper: () => chmodSync(at("summary.md"), 0o700),
    says: /^inconclusive: summary.md: has mode 0700/m,
  },
  {
    name: "a folder that anybody may write",
    tamper: () => chmodSync(at("logs"), 0o777),
    says: /^inconclusive: logs: has mode 0777/m,
  },
  {
    name: "the run's own folder made so",
    tamper: () => chmodSync(folder, 0o777),
    says: /^inconclusive: "the folder": has mode 0777/m,
  },
];

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

  it("passes where it was copied, with the modes that copying leaves", async () => {
    cpSync(folder, outside("copy"), { recursive: true });
    folder = outside("copy");
    for (const name of ["", "logs"]) chmodSync(at(name), 0o2755);
    for (const name of ["run.json", "journal.jsonl"]) chmodSync(at(name), 0o644);
    expect(await found(filed.head)).toMatchObject({ verdict: "pass" });
  });

  it.each(CHANGED)("shows: $name", async ({ tamper, says }) => {
    tamper();
    const { verdict, text } = await found();
    expect(text).toMatch(says);
    expect(verdict).toBe("fail");
  });

  it.each(UNCLEAR)("leaves open what came of $name", async ({ tamper, says }) => {
    tamper();
    const { verdict, text } = await found();
    expect(text).toMatch(says);
    expect(verdict).toBe("inconclusive");
  });

  it("shows a socket that was added", async () => {
    await using server = createServer();
    await new Promise<void>((resolve) => server.listen(at("socket"), resolve));
    expect((await found()).text).toMatch(/^fail: socket: was added \(socket\)/m);
  });

  it("is one line when it is of another version", async () => {
    edit(folder, "manifest.json", "kanit.manifest/3", "kanit.manifest/2");
    expect(await found()).toEqual({
      verdict: "inconclusive",
      text: "inconclusive: the evidence is of another version of kanit (kanit.manifest/2): verify it with the one that wrote it",
    });
  });

  it("says which version its record is of", async () => {
    edit(folder, "run.json", "kanit.run/3", "kanit.run/1");
    restate(folder);
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
    const hash = /id="journal-hash">(\w{64})</.exec(readFileSync(at("index.html"), "utf8"))?.[1] ?? "";
    expect(await found(hash)).toMatchObject({
      verdict: "inconclusive",
      text: expect.stringContaining("head: it is the hash of line 8"),
    });
  });

  it("is all that shows a run that was forged in every part", async () => {
    const archive = await newArchive(mkdtempSync(join(root, "forged-")));
    folder = (await fileRun(archive, filedRun("pass", [judgedScenario("one", "pass")]))).folder;
    expect(await found()).toMatchObject({ verdict: "pass" });
    expect(await found(filed.head)).toMatchObject({
      verdict: "fail",
      text: expect.stringMatching(/^fail: head: the journal ends with \w{64}, and \w{64} is nowhere in it/m),
    });
  });
});
