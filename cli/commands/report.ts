import { resolve } from "node:path";
import type { Command } from "commander";
import { rebuildRun } from "../../runs/index.ts";
import type { CommandContext } from "../context.ts";
import { nonEmpty } from "../parse-arguments.ts";
import { showEnd } from "../show-end.ts";

/** `kanit report <folder>`: what is known of a run; the report of one that was killed is made from its journal. */
export function addReportCommand(program: Command, context: CommandContext): void {
  program
    .command("report")
    .description("show what a run found; makes the report of a run that did not end, from its journal")
    .argument("<folder>", "the run's folder, as the run printed it", nonEmpty)
    .action(async (folder: string) => showEnd(await rebuildRun(resolve(folder)), context));
}
