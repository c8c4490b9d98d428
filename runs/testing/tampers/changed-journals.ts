import { execFileSync } from "node:child_process";
import { appendFileSync, rmSync, symlinkSync, truncateSync } from "node:fs";
import { edit, rechain, restate } from "../forge-evidence.ts";
import type { Tamper } from "./tamper.ts";

const pipe = (path: string) => execFileSync("mkfifo", [path]);

const GIGABYTE = 2 ** 30;

/** What was done to the journal. */
export const CHANGED_JOURNALS: readonly Tamper[] = [
  {
    name: "a line of the journal edited",
    tamper: (run) => edit(run.folder, "journal.jsonl", '"received":"2"', '"received":"1"'),
    says: /^fail: journal: line 5 was changed: expected hash/m,
  },
  {
    name: "a line of the journal removed",
    tamper: (run) => run.writeJournalLines(run.journalLines().toSpliced(4, 1)),
    says: /^fail: journal: line 5 was changed: expected sequence 4, got sequence 5/m,
  },
  {
    name: "lines of the journal swapped",
    tamper: (run) =>
      run.writeJournalLines(
        run.journalLines().toSpliced(1, 2, ...run.journalLines().slice(1, 3).toReversed()),
      ),
    says: /^fail: journal: line 2 was changed/m,
  },
  {
    name: "a line removed and the chain made anew",
    tamper: (run) => rechain(run.folder, (lines) => lines.toSpliced(4, 1)),
    says: /^fail: journal: line 8 was changed: expected journal.closed of 8 lines, got journal.closed of 9 lines/m,
  },
  {
    name: "a line removed, the chain made anew and the count corrected",
    tamper: (run) => {
      rechain(run.folder, (lines) => lines.toSpliced(4, 1));
      restate(run.folder, { lines: 8 });
    },
    says: /^fail: run.json: scenarios.0.name is "one", the journal has "two"/m,
  },
  {
    name: "a line added after the end",
    tamper: (run) => appendFileSync(run.at("journal.jsonl"), `${run.journalLines()[1]}\n`),
    says: /^fail: journal: line 10 was changed/m,
  },
  {
    name: "the journal emptied",
    tamper: (run) => truncateSync(run.at("journal.jsonl"), 0),
    says: /^fail: run.json: the journal has nothing of what it says/m,
  },
  {
    name: "the journal removed",
    tamper: (run) => rmSync(run.at("journal.jsonl")),
    says: /^fail: .*journal.jsonl, but it is missing/m,
  },
  {
    name: "the journal replaced by a link",
    tamper: (run) => run.replaceBy("journal.jsonl", (path) => symlinkSync(run.outside("moved"), path)),
    says: /^fail: .*journal.jsonl, but it is a symbolic link/m,
  },
  {
    name: "the journal replaced by a pipe",
    tamper: (run) => run.replaceBy("journal.jsonl", pipe),
    says: /^fail: .*journal.jsonl, but it is no regular file/m,
  },
  {
    name: "the journal made one endless line",
    tamper: (run) => truncateSync(run.at("journal.jsonl"), GIGABYTE),
    says: /^fail: .*journal.jsonl, but it has a line that never ends/m,
  },
];
