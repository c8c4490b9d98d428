import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Verdict } from "../core/index.ts";
import { JOURNAL_NAME } from "./archive.ts";
import { readJournal } from "./journal-verification.ts";
import { readRecord } from "./records/read-record.ts";

const RECORD_NAMES = ["run.json", "drill.json", "backpressure.json"] as const;
/** The event with which a run of any kind files its verdict. */
const ENDED = /^(?:run|drill|backpressure)\.ended$/;
const endedShape = z.looseObject({ verdict: z.enum(["pass", "fail", "inconclusive"]) });

/** Whether a run's record has the verdict that its journal has. */
export type VerdictAgreement =
  | { readonly kind: "same"; readonly verdict: Verdict }
  | { readonly kind: "different"; readonly record: Verdict; readonly journal: Verdict }
  /** One of the two is missing: the run did not end. */
  | { readonly kind: "incomplete"; readonly missing: string };

/**
 * Compares the verdict of the record in a run's folder with the one in its journal.
 *
 * @throws UnavailableError `record-unreadable` or `journal-unreadable`.
 */
export async function compareVerdicts(folder: string): Promise<VerdictAgreement> {
  const name = RECORD_NAMES.find((candidate) => existsSync(join(folder, candidate)));
  if (name === undefined) return { kind: "incomplete", missing: "a record" };
  const { verdict: record } = await readRecord(join(folder, name));
  const journal = await journalVerdict(join(folder, JOURNAL_NAME));
  if (journal === null) return { kind: "incomplete", missing: "a verdict in the journal" };
  return journal === record ? { kind: "same", verdict: record } : { kind: "different", record, journal };
}

async function journalVerdict(path: string): Promise<Verdict | null> {
  let verdict: Verdict | null = null;
  for await (const { kind, data } of readJournal(path)) {
    if (ENDED.test(kind)) verdict = endedShape.safeParse(data).data?.verdict ?? verdict;
  }
  return verdict;
}
