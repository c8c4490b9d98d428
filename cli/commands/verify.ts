import { resolve } from "node:path";
import type { Command } from "commander";
import { mergeVerdicts, type Verdict } from "../../core/index.ts";
import { verifyRun } from "../../runs/index.ts";
import type { CommandContext } from "../context.ts";
import { digest, nonEmpty } from "../parse-arguments.ts";

const MARK: Readonly<Record<Verdict, string>> = { pass: "✓", fail: "✕", inconclusive: "?" };
/** A folder that was filled with files must not fill the terminal. */
const MOST_LINES = 200;

/**
 * `kanit verify <folder>`: checks whether the evidence of a run is unchanged. Unchanged evidence passes, any change
 * fails, and a run that did not end is inconclusive: its evidence is unchanged but incomplete. A fail that such a run
 * had found is a fail here too.
 */
export function addVerifyCommand(program: Command, context: CommandContext): void {
  program
    .command("verify")
    .description("check that nobody changed the evidence of a run")
    .argument("<folder>", "the run's folder, as the run printed it", nonEmpty)
    .option("--head <hash>", "the journal's hash as the run printed it, kept outside of the folder", digest)
    .action((folder: string, flags: { readonly head?: string }) =>
      verify(resolve(folder), flags.head ?? null, context),
    );
}

async function verify(
  folder: string,
  head: string | null,
  { output, conclude }: CommandContext,
): Promise<void> {
  const findings = await verifyRun(folder, head);
  for (const { verdict, line } of findings.slice(0, MOST_LINES)) output.line(`${MARK[verdict]} ${line}`);
  if (findings.length > MOST_LINES) output.line(`… and ${findings.length - MOST_LINES} more`);
  output.result({ findings });
  conclude(mergeVerdicts(findings.map(({ verdict }) => verdict)));
}
