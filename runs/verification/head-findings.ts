import { join } from "node:path";
import {
  changed,
  type Finding,
  JOURNAL_NAME,
  type JournalVerification,
  passed,
  readJournal,
  unclear,
} from "../../evidence/index.ts";

/** What is found when the journal's hash is compared with one that is known from elsewhere. */
export async function findingsOfHead(
  folder: string,
  known: string,
  journal: JournalVerification | null,
): Promise<readonly Finding[]> {
  if (journal === null) return [];
  const head = journal.kind === "broken" ? null : journal.head;
  if (head?.hash === known) return [passed("head: the journal ends with the hash that is known")];
  for await (const { hash, sequence } of readJournal(join(folder, JOURNAL_NAME))) {
    if (hash !== known) continue;
    const line = sequence + 1;
    return [
      unclear(`head: it is the hash of line ${line}: what follows, and the manifest, are not covered by it`),
    ];
  }
  return [changed(`head: the journal ends with ${head?.hash ?? "no hash"}, and ${known} is nowhere in it`)];
}
