import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Argument, type Command } from "commander";
import { UsageError } from "../../core/index.ts";
import { exportTargetOf } from "../../harness/index.ts";
import { type ExportTarget, renderDashboard, renderRules } from "../../signals/index.ts";
import type { CommandContext } from "../context.ts";
import { nonEmpty } from "../parse-arguments.ts";
import { readPlatform, withPlatformFlag } from "../platform-flag.ts";

const EXPORTS = {
  prometheus: renderRules,
  grafana: async (target: ExportTarget) => renderDashboard(target),
} as const;

interface ExportFlags {
  readonly platform: string;
  readonly out?: string;
}

/** `kanit export prometheus|grafana`: what watches a platform in production as kanit does in the lab. */
export function addExportCommand(program: Command, { environment, output }: CommandContext): void {
  withPlatformFlag(program.command("export"))
    .description("print the triggers as a Prometheus rule file, or the dashboard as Grafana imports it")
    .addArgument(
      new Argument("<for>", "the target's format").choices(Object.keys(EXPORTS) as (keyof typeof EXPORTS)[]),
    )
    .option("--out <file>", "write it to this file instead of printing it", nonEmpty)
    .action(async (format: keyof typeof EXPORTS, flags: ExportFlags) => {
      const platform = await readPlatform(flags.platform, environment);
      const text = await EXPORTS[format](exportTargetOf(platform));
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
