import { appendFile } from "node:fs/promises";
import { relative } from "node:path";
import { type FiledRecord, RUN_SCHEMA } from "../evidence/index.ts";
import {
  renderBackpressureMarkdown,
  renderBackpressureTerminal,
  renderDrillMarkdown,
  renderDrillTerminal,
  renderMarkdown,
  renderTerminal,
} from "../reports/index.ts";
import { commandLine, type FiledRun } from "../runs/index.ts";
import type { CommandContext } from "./context.ts";
import type { CommandResult } from "./output.ts";
import { recordResult } from "./record-results.ts";

const RUN_COLUMNS = 110;
/** Drills and searches are tables. */
const TABLE_COLUMNS = 140;

/**
 * Ends a command with a result: prints it to the terminal and the CI's summary, and sets the exit code. Each
 * failure to file it is a warning, and loses no verdict.
 */
export async function showEnd(
  filed: FiledRun<FiledRecord>,
  { environment, output, conclude }: CommandContext,
): Promise<void> {
  const { record, verdict, paths, problems } = filed;
  conclude(verdict);
  output.result(filedResult(filed));
  const { color } = environment.terminal;
  const reportPath = paths.html === null ? "not written" : relative(process.cwd(), paths.html);
  output.line(`\n${summaryText(record, { color, reportPath }).trimEnd()}`);
  const verification = verificationCommand(filed);
  if (verification !== null) output.line(`Verify  ${verification}`);
  for (const problem of problems) output.line(`warning: ${problem}`);
  const { stepSummaryPath } = environment;
  if (stepSummaryPath === null) return;
  const note = verification === null ? "" : `\n\`\`\`sh\n${verification}\n\`\`\`\n`;
  try {
    await appendFile(stepSummaryPath, environment.secrets.filter(`${markdownText(record)}${note}`));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    output.line(`warning: the summary was not written to GITHUB_STEP_SUMMARY: ${why}`);
  }
}

function filedResult({ record, paths, folder, head, problems }: FiledRun<FiledRecord>): CommandResult {
  return {
    ...recordResult(record),
    repeat: record.command,
    folder,
    report: paths.html,
    record: paths.json,
    head,
    problems,
  };
}

/** Whoever keeps this line can tell later whether all of the evidence was written anew. */
function verificationCommand({ folder, head }: FiledRun<FiledRecord>): string | null {
  if (head === null) return null;
  return commandLine(["verify", relative(process.cwd(), folder), "--head", head]);
}

function summaryText(
  record: FiledRecord,
  options: { readonly color: boolean; readonly reportPath: string },
): string {
  switch (record.schema) {
    case RUN_SCHEMA:
      return renderTerminal(record, { ...options, columns: RUN_COLUMNS });
    case "kanit.drill/3":
      return renderDrillTerminal(record, { ...options, columns: TABLE_COLUMNS });
    case "kanit.backpressure/2":
      return renderBackpressureTerminal(record, { ...options, columns: TABLE_COLUMNS });
  }
}

function markdownText(record: FiledRecord): string {
  switch (record.schema) {
    case RUN_SCHEMA:
      return renderMarkdown(record);
    case "kanit.drill/3":
      return renderDrillMarkdown(record);
    case "kanit.backpressure/2":
      return renderBackpressureMarkdown(record);
  }
}
