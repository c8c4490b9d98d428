import { resolve } from "node:path";
import type { Command } from "commander";
import { renderMarkdown, renderTerminal } from "../../reports/index.ts";
import { rebuildRun } from "../../runs/index.ts";
import type { CommandContext } from "../context.ts";
import { nonEmpty } from "../parse-arguments.ts";
import { showEnd } from "../show-end.ts";

const TERMINAL_COLUMNS = 110;

/** `kanit report <folder>`: the report of a run that was killed, made from its journal. */
export function addReportCommand(program: Command, context: CommandContext): void {
  program
    .command("report")
    .description("make the report of a run that did not end, from its journal")
    .argument("<folder>", "the run's folder, which it printed", nonEmpty)
    .action(async (folder: string) => {
      const { record, paths } = await rebuildRun(resolve(folder));
      const renderings = { columns: TERMINAL_COLUMNS, terminal: renderTerminal, markdown: renderMarkdown };
      await showEnd({ record, verdict: record.verdict, paths, problems: [] }, renderings, context);
    });
}
