import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { mergeVerdicts, systemClock, UsageError } from "../../core/index.ts";
import {
  type FiledRecord,
  findRecord,
  JOURNAL_NAME,
  type JournalVerification,
  MANIFEST_NAME,
  reopenArchive,
  verifyJournal,
} from "../../evidence/index.ts";
import { writeReport } from "../../reports/index.ts";
import type { FiledRun } from "../run-filing.ts";
import { isRebuilt, markedAsRebuilt, readJournaledRecord } from "./journaled-record.ts";

/**
 * Returns the record of a run. When the run ended, that is its own record, and nothing is written. The report
 * of a run that did not end (it was killed, its disk was full, its machine went down) is made from the
 * journal, which has each result from the moment it was known: what was not judged is listed, and the title
 * says where the report comes from. The journal and the folder's other files stay unchanged.
 *
 * @throws UsageError `not-a-run`, or `run-not-begun` when the journal ends before any result.
 * @throws UnavailableError `record-unreadable` for a journal of another version.
 */
export async function rebuildRun(folder: string): Promise<FiledRun<FiledRecord>> {
  const journalPath = join(folder, JOURNAL_NAME);
  if (!existsSync(journalPath)) throw notARun(folder);
  const journal = await verifyJournal(journalPath);
  const problems = problemsOf(journal);
  const known = await recordOf(folder);
  // With the manifest the run had written all that it had to write.
  if (existsSync(join(folder, MANIFEST_NAME))) {
    const page = join(folder, "index.html");
    const paths = { html: existsSync(page) ? page : null, json: null, summary: null };
    return { ...ended(known, folder, problems), paths, head: headOf(journal)?.hash ?? null };
  }
  const archive = reopenArchive(folder, basename(folder), systemClock);
  const { paths, errors } = await writeReport(known, archive, headOf(journal));
  const unwritten = errors.map((error) => (error instanceof Error ? error.message : String(error)));
  return { ...ended(known, folder, [...problems, ...unwritten]), paths, head: headOf(journal)?.hash ?? null };
}

function ended(record: FiledRecord, folder: string, problems: readonly string[]) {
  return { record, verdict: record.verdict, folder, problems };
}

function headOf(journal: JournalVerification) {
  return journal.kind === "broken" ? null : journal.head;
}

function problemsOf(journal: JournalVerification): readonly string[] {
  if (journal.kind !== "broken") return [];
  return [`the journal was changed in line ${journal.atLine}: everything from there on is ignored`];
}

/**
 * What the run filed as its record, when there is one: should the journal not have been written to its end, it has
 * more. Otherwise what the journal has.
 */
async function recordOf(folder: string): Promise<FiledRecord> {
  const filed = await findRecord(folder);
  const journaled = await readJournaledRecord(folder);
  if (filed.kind === "found" && !isRebuilt(filed.record)) {
    if (journaled.kind === "not-begun") return filed.record;
    return { ...filed.record, verdict: mergeVerdicts([filed.record.verdict, journaled.record.verdict]) };
  }
  if (journaled.kind === "record") return markedAsRebuilt(journaled);
  throw new UsageError({
    code: "run-not-begun",
    message: `Expected a run with results, got one without in ${folder}: ${journaled.why ?? "its journal ends before"}.`,
    nextStep: "Run it again.",
  });
}

function notARun(folder: string): UsageError {
  return new UsageError({
    code: "not-a-run",
    message: `Expected the folder of a run, with its ${JOURNAL_NAME}, got ${folder}.`,
    nextStep: "Name the folder of a run; each run prints its own.",
  });
}
