import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The folder of a run that somebody changes. */
export class TamperedRun {
  readonly folder: string;

  /** @param folder In a folder of its own, beside which other files can be put. */
  constructor(folder: string) {
    this.folder = folder;
  }

  at(name: string): string {
    return join(this.folder, name);
  }

  /** A path beside the run's folder. */
  outside(name: string): string {
    return join(this.folder, "..", name);
  }

  /** Puts something else in a file's place; the file itself lies `outside("moved")` then. */
  replaceBy(name: string, put: (path: string) => void): void {
    renameSync(this.at(name), this.outside("moved"));
    put(this.at(name));
  }

  journalLines(): string[] {
    return readFileSync(this.at("journal.jsonl"), "utf8").trimEnd().split("\n");
  }

  writeJournalLines(lines: readonly string[]): void {
    writeFileSync(this.at("journal.jsonl"), `${lines.join("\n")}\n`);
  }
}

/** Something that somebody does to the evidence of a run. */
export interface Tamper {
  readonly name: string;
  readonly tamper: (run: TamperedRun) => void;
  /** What a line of the findings says. */
  readonly says: RegExp;
}
