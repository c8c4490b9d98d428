import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Argument, type Command } from "commander";
import { UsageError } from "../../core/index.ts";
import { renderDashboard, renderRules } from "../../signals/index.ts";
import type { CommandContext } from "../context.ts";
import { nonEmpty } from "../parse-arguments.ts";

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
      new Argument("<for>", "the target's format").choices(Object.keys(EXPORTS) as (keyof typeof EXPORTS)[]),
    )
    .option("--out <file>", "write it to this file instead of printing it", nonEmpty)
    .action(async (target: keyof typeof EXPORTS, flags: { readonly out?: string }) => {
      const text = await EXPORTS[target]();
      if (flags.out === undefined) {
        output.result({ text });
        return output.line(text.trimEnd());
      }
      const path = resolve(flags.out);
      await writeOut(path, text);
      output.result({ path });
    });
}

/**
 * @throws UsageError `bad-output-file` when the file cannot be written, because its folder does not exist or
 *   it is a folder itself.
 */
async function writeOut(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new UsageError({
      code: "bad-output-file",
      message: `Expected --out to be a file in an existing folder, got ${path} (${reason}).`,
      nextStep: "Name a file that can be written, in a folder that is there.",
      cause,
    });
  }
}
