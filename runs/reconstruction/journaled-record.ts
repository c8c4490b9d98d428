import { join } from "node:path";
import {
  type FiledRecord,
  JOURNAL_NAME,
  type JournalEntry,
  parseRecord,
  readJournal,
} from "../../evidence/index.ts";
import type { Data, JournaledEvents } from "./draft.ts";
import { journaledBackpressure } from "./journaled-backpressure.ts";
import { journaledDrill } from "./journaled-drill.ts";
import { journaledScenarios } from "./journaled-scenarios.ts";

/** What a journal has of a run. */
export type JournaledRecord =
  | { readonly kind: "record"; readonly record: FiledRecord; readonly isWhole: boolean }
  /** It ends before anything was found out; the reason, when the run could still say it. */
  | { readonly kind: "not-begun"; readonly why: string | null };

const MARK = " (rebuilt from the journal)";

const DRAFTS = [journaledScenarios, journaledDrill, journaledBackpressure];

/**
 * Makes the record of a run from its journal, as far as it is good.
 *
 * @throws UnavailableError `journal-unreadable`; `record-unreadable` for a journal of another version.
 */
export async function readJournaledRecord(folder: string): Promise<JournaledRecord> {
  const path = join(folder, JOURNAL_NAME);
  const entries: JournalEntry[] = [];
  for await (const entry of readJournal(path)) entries.push(entry);
  const events: JournaledEvents = {
    of: (kind) => entries.filter((entry) => entry.kind === kind).map(({ data }) => (data ?? {}) as Data),
    lastAt: entries.at(-1)?.at ?? "",
  };
  for (const draftOf of DRAFTS) {
    const draft = draftOf(events);
    if (draft === null) continue;
    return { kind: "record", record: parseRecord(draft.record, path), isWhole: draft.isWhole };
  }
  const [brokeOff] = events.of("run.broke-off");
  return { kind: "not-begun", why: brokeOff === undefined ? null : messageOf(brokeOff.error) };
}

/** The record with a title that says where it comes from; one that the journal has as a whole needs none. */
export function markedAsRebuilt(journaled: JournaledRecord & { readonly kind: "record" }): FiledRecord {
  const { record, isWhole } = journaled;
  return isWhole ? record : { ...record, title: `${record.title}${MARK}` };
}

/** Whether a filed record was made from a journal. */
export function isRebuilt({ title }: FiledRecord): boolean {
  return title.endsWith(MARK);
}

function messageOf(error: unknown): string {
  const { message } = (error ?? {}) as Data;
  return typeof message === "string" ? message : String(error);
}
