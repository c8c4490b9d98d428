import { join } from "node:path";
import { KanitError } from "../../core/index.ts";
import {
  changed,
  type Finding,
  JOURNAL_NAME,
  type JournalVerification,
  passed,
  type RunEnding,
  unclear,
  verifyJournal,
} from "../../evidence/index.ts";

/** What the journal's chain shows; no journal when it cannot be read at all. */
export async function findingsOfJournal(
  folder: string,
): Promise<{ readonly findings: readonly Finding[]; readonly journal: JournalVerification | null }> {
  try {
    const journal = await verifyJournal(join(folder, JOURNAL_NAME));
    return { journal, findings: findingsOf(journal) };
  } catch (error) {
    if (!(error instanceof KanitError) || error.code !== "journal-unreadable") throw error;
    return { journal: null, findings: [changed(error.message)] };
  }
}

function findingsOf(journal: JournalVerification): readonly Finding[] {
  const lines = `journal: ${journal.lines} lines hold together`;
  switch (journal.kind) {
    case "torn":
      return [unclear(`${lines}, then it breaks off inside a line: the run was killed`)];
    case "broken": {
      const { atLine, expected, received } = journal;
      return [changed(`journal: line ${atLine} was changed: expected ${expected}, got ${received}`)];
    }
    case "intact":
      return journal.end.kind === "stated"
        ? [passed(`${lines}, to its end`), ...findingsOfEnding(journal.end.ending)]
        : [unclear(`${lines}, but it was never closed: the run did not end, or goes on`)];
  }
}

function findingsOfEnding({ problems, verdict }: RunEnding): readonly Finding[] {
  return [
    ...(verdict === null ? [unclear("journal: the run broke off before anything was judged")] : []),
    ...problems.map((problem) => unclear(`journal: the evidence is not whole: ${problem}`)),
  ];
}
