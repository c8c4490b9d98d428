import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import type { Tamper } from "./tamper.ts";

const pipe = (path: string) => execFileSync("mkfifo", [path]);

const GIGABYTE = 2 ** 30;

/** What was changed, removed, added or replaced in the folder. */
export const CHANGED_FOLDERS: readonly Tamper[] = [
  {
    name: "a log cut",
    tamper: (run) => truncateSync(run.at("logs/platform.log"), 3),
    says: /^fail: logs\/platform.log: was changed: it has 3 bytes, not 8/m,
  },
  {
    name: "a log written on",
    tamper: (run) => appendFileSync(run.at("logs/platform.log"), "all was well\n"),
    says: /^fail: logs\/platform.log: was changed: it has 21 bytes, not 8/m,
  },
  {
    name: "a file removed",
    tamper: (run) => rmSync(run.at("summary.md")),
    says: /^fail: summary.md: is missing/m,
  },
  {
    name: "the record removed",
    tamper: (run) => rmSync(run.at("run.json")),
    says: /^fail: run.json: is missing/m,
  },
  {
    name: "a file added",
    tamper: (run) => writeFileSync(run.at("logs/x.log"), "x"),
    says: /^fail: logs\/x.log: was added \(file\)/m,
  },
  {
    name: "a symbolic link added",
    tamper: (run) => symlinkSync("/etc/passwd", run.at("link")),
    says: /^fail: link: was added \(symbolic link\)/m,
  },
  { name: "a pipe added", tamper: (run) => pipe(run.at("pipe")), says: /^fail: pipe: was added \(pipe\)/m },
  {
    name: "an empty folder added",
    tamper: (run) => mkdirSync(run.at("logs/empty")),
    says: /^fail: logs\/empty: was added \(empty folder\)/m,
  },
  {
    name: "a temporary file added",
    tamper: (run) => writeFileSync(run.at(".x.tmp"), ""),
    says: /^fail: .x.tmp: was added \(file\)/m,
  },
  {
    name: "a file with line breaks in its name",
    tamper: (run) => writeFileSync(run.at("x\n✓ all\r\u001b[2K"), ""),
    says: /^fail: "x\\u\{a\}✓ all\\u\{d\}\\u\{1b\}\[2K": was added/m,
  },
  {
    name: "a file whose name turns the direction of writing",
    tamper: (run) => writeFileSync(run.at("\u202egnp.nosj"), ""),
    says: /^fail: "\\u\{202e\}gnp.nosj": was added/m,
  },
  {
    name: "a file whose name is no UTF-8",
    tamper: (run) => writeFileSync(Buffer.concat([Buffer.from(run.at("x")), Buffer.of(0xff, 0x5c)]), ""),
    says: /^fail: "x\\xff\\x5c": was added/m,
  },
  {
    name: "a file replaced by a link to the same content",
    tamper: (run) => run.replaceBy("run.json", (path) => symlinkSync(run.outside("moved"), path)),
    says: /^fail: run.json: is of another kind: symbolic link, not file/m,
  },
  {
    name: "a folder replaced by a link to the same content",
    tamper: (run) => run.replaceBy("logs", (path) => symlinkSync(run.outside("moved"), path)),
    says: /^fail: logs\/platform.log: is missing/m,
  },
  {
    name: "a file replaced by a pipe",
    tamper: (run) => run.replaceBy("run.json", pipe),
    says: /^fail: run.json: is of another kind: pipe, not file/m,
  },
  {
    name: "a file replaced by a folder",
    tamper: (run) => run.replaceBy("run.json", (path) => mkdirSync(path)),
    says: /^fail: run.json: is of another kind: empty folder, not file/m,
  },
  {
    name: "a record too large to read",
    tamper: (run) => truncateSync(run.at("run.json"), GIGABYTE),
    says: /^fail: run.json: has 1073741824 bytes, more than the \d+ that are read/m,
  },
];
