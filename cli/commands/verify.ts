import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { exitCodeOf, KanitError, mergeVerdicts, UsageError, type Verdict } from "../../core/index.ts";
import {
  type ArchiveVerification,
  compareVerdicts,
  JOURNAL_NAME,
  type JournalVerification,
  type VerdictAgreement,
  verifyArchive,
  verifyJournal,
} from "../../evidence/index.ts";
import type { CommandContext } from "../context.ts";
import { nonEmpty } from "../parse-arguments.ts";

/** The result of checking one part of the evidence. */
interface Finding {
  readonly verdict: Verdict;
  readonly lines: readonly string[];
}

/**
 * `kanit verify <folder>`: checks whether the evidence of a run is unchanged. Unchanged evidence passes, any
 * change fails, and a run that did not end is inconclusive: its evidence is unchanged but incomplete.
 */
export function addVerifyCommand(program: Command, context: CommandContext): void {
  program
    .command("verify")
    .description("check that nobody changed the evidence of a run")
    .argument("<folder>", "the run's folder, which it printed", nonEmpty)
    .action((folder: string) => verify(resolve(folder), context));
}

async function verify(folder: string, { output, exitWith }: CommandContext): Promise<void> {
  const journalPath = join(folder, JOURNAL_NAME);
  if (!existsSync(journalPath)) {
    throw new UsageError({
      code: "not-a-run",
      message: `Expected the folder of a run, with its ${JOURNAL_NAME}, got ${folder}.`,
      nextStep: "Name the folder of a run; each run prints its own.",
    });
  }
  const findings = [
    findingOfJournal(await verifyJournal(journalPath)),
    await archiveFinding(folder),
    await verdictFinding(folder),
  ];
  for (const { verdict, lines } of findings)
    for (const line of lines) output.line(`${MARK[verdict]} ${line}`);
  exitWith(exitCodeOf(mergeVerdicts(findings.map(({ verdict }) => verdict))));
}

const MARK: Readonly<Record<Verdict, string>> = { pass: "✓", fail: "✕", inconclusive: "?" };

function findingOfJournal(found: JournalVerification): Finding {
  const lines = `journal: ${found.lines} lines hold together`;
  switch (found.kind) {
    case "intact":
      return found.closed
        ? { verdict: "pass", lines: [`${lines}, to its end`] }
        : { verdict: "inconclusive", lines: [`${lines}, but it was never closed: the run did not end`] };
    case "torn":
      return {
        verdict: "inconclusive",
        lines: [`${lines}, then it breaks off inside a line: the run was killed`],
      };
    case "broken":
      return {
        verdict: "fail",
        lines: [
          `journal: line ${found.atLine} was changed: expected ${found.expected}, got ${found.received}`,
        ],
      };
  }
}

async function verdictFinding(folder: string): Promise<Finding> {
  try {
    return findingOfVerdicts(await compareVerdicts(folder));
  } catch (error) {
    if (!(error instanceof KanitError) || error.code !== "record-unreadable") throw error;
    return { verdict: "fail", lines: [`record: ${error.message}`] };
  }
}

function findingOfVerdicts(found: VerdictAgreement): Finding {
  switch (found.kind) {
    case "same":
      return { verdict: "pass", lines: [`verdict: record and journal say ${found.verdict}`] };
    case "different":
      return {
        verdict: "fail",
        lines: [`verdict: the record says ${found.record}, the journal says ${found.journal}`],
      };
    case "incomplete":
      return {
        verdict: "inconclusive",
        lines: [`verdict: there is not ${found.missing}, the run did not end`],
      };
  }
}

async function archiveFinding(folder: string): Promise<Finding> {
  try {
    return findingOfArchive(await verifyArchive(folder));
  } catch (error) {
    if (!(error instanceof KanitError) || error.code !== "manifest-unreadable") throw error;
    return existsSync(join(folder, "manifest.json"))
      ? { verdict: "fail", lines: [`manifest: ${error.message}`] }
      : {
          verdict: "inconclusive",
          lines: [
            "manifest: there is none, the run did not end: `kanit report` makes its report from the journal",
          ],
        };
  }
}

function findingOfArchive({ intact, changed, missing, unlisted }: ArchiveVerification): Finding {
  if (intact) return { verdict: "pass", lines: ["manifest: every file is as it was written"] };
  return {
    verdict: "fail",
    lines: [
      ...changed.map(
        ({ path, expected, received }) => `${path}: was changed: SHA-256 ${received}, not ${expected}`,
      ),
      ...missing.map((path) => `${path}: is missing`),
      ...unlisted.map((path) => `${path}: was added`),
    ],
  };
}
