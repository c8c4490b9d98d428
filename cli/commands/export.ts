import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Argument, type Command } from "commander";
import { renderDashboard, renderRules } from "../../signals/index.ts";
import type { CommandContext } from "../context.ts";

const EXPORTS = {
  prometheus: renderRules,
  grafana: async () => renderDashboard(),
} as const;

/** `kanit export prometheus|grafana`: the rule file and the dashboard that monitor what kanit monitors. */
export function addExportCommand(program: Command, { output }: CommandContext): void {
  program
    .command("export")
    .description("print the triggers as a Prometheus rule file, or the dashboard as Grafana imports it")
    .addArgument(
      new Argument("<for>", "what it is for").choices(Object.keys(EXPORTS) as (keyof typeof EXPORTS)[]),
    )
    .option("--out <file>", "write it there instead of printing it")
    .action(async (target: keyof typeof EXPORTS, flags: { readonly out?: string }) => {
      const text = await EXPORTS[target]();
      if (flags.out === undefined) return output.line(text.trimEnd());
      await writeFile(resolve(flags.out), text);
    });
}
