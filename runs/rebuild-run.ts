import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { mergeVerdicts, systemClock, UsageError, type Verdict } from "../core/index.ts";
import {
  JOURNAL_NAME,
  type JournalEntry,
  parseRunRecord,
  RUN_SCHEMA,
  type RunRecord,
  readJournal,
  reopenArchive,
} from "../evidence/index.ts";
import { type ReportPaths, writeReport } from "../reports/index.ts";

const MARK = "rebuilt from the journal";
const NOT_JUDGED = "the run ended before it was judged";

/** A run whose report was made from its journal. */
interface RebuiltRun {
  readonly record: RunRecord;
  readonly paths: ReportPaths;
}

/**
 * Makes the report of a run that did not end (it was killed, or its machine went down) from its
 * journal, which has the whole record of each scenario that was judged. Scenarios that were not judged
 * are listed as not run, and the title says where the report comes from. The journal and the folder's
 * other files stay unchanged.
 *
 * @throws UsageError `not-a-run`, `run-has-record`, or `run-not-begun` when the journal ends
 *   before the lab was up.
 * @throws UnavailableError `record-unreadable` for a journal of another version.
 */
export async function rebuildRun(folder: string): Promise<RebuiltRun> {
  const journalPath = join(folder, JOURNAL_NAME);
  if (!existsSync(journalPath)) {
    throw new UsageError({
      code: "not-a-run",
      message: `Expected the folder of a run, with its ${JOURNAL_NAME}, got ${folder}.`,
      nextStep: "Name the folder of a run; each run prints its own.",
    });
  }
  if (existsSync(join(folder, "run.json"))) {
    throw new UsageError({
      code: "run-has-record",
      message: `Expected a run that did not end, got one with its run.json in ${folder}.`,
      nextStep: "Open its index.html.",
    });
  }
  const entries: JournalEntry[] = [];
  for await (const entry of readJournal(journalPath)) entries.push(entry);
  const record = parseRunRecord(recordIn(entries, folder), journalPath);
  const archive = reopenArchive(folder, basename(folder), systemClock);
  return { record, paths: await writeReport(record, archive) };
}

/** The record from the journal's entries; the caller parses it, which checks its parts. */
function recordIn(entries: readonly JournalEntry[], folder: string): unknown {
  const dataOf = (kind: string) => entries.filter((entry) => entry.kind === kind).map(({ data }) => data);
  const [opening] = dataOf("run.started") as readonly Partial<Record<string, unknown>>[];
  const [surroundings] = dataOf("run.environment") as readonly { readonly environment?: unknown }[];
  const last = entries.at(-1);
  if (opening === undefined || surroundings === undefined || last === undefined) {
    throw new UsageError({
      code: "run-not-begun",
      message: `Expected a journal of scenarios in ${folder}, got one that ends before the lab was up.`,
      nextStep: "Nothing was found in this run: run it again.",
    });
  }
  const { kind: _, planned, notRun, title, ...rest } = opening;
  const ended = dataOf("scenario.ended") as readonly { readonly record?: { readonly verdict: Verdict } }[];
  const scenarios = ended.flatMap(({ record }) => (record === undefined ? [] : [record]));
  const unjudged = (Array.isArray(planned) ? planned : []).slice(scenarios.length);
  return {
    schema: RUN_SCHEMA,
    ...rest,
    title: `${String(title)} (${MARK})`,
    endedAt: last.at,
    verdict: mergeVerdicts(["inconclusive", ...scenarios.map(({ verdict }) => verdict)]),
    environment: surroundings.environment,
    scenarios,
    notRun: [
      ...(Array.isArray(notRun) ? notRun : []),
      ...unjudged.map((name) => ({ name, why: NOT_JUDGED })),
    ],
  };
}
