import type { Command } from "commander";
import { mergeVerdicts, steadyClock } from "../../core/index.ts";
import { judgeBooks } from "../../harness/index.ts";
import { type LabChoice, pickLab, readyLabs, withLabChoice } from "../choose-lab.ts";
import type { CommandContext } from "../context.ts";
import { readPlatform, withPlatformFlag } from "../platform-flag.ts";
import { MARK } from "../progress.ts";

interface BooksFlags extends LabChoice {
  readonly platform: string;
}

/** `kanit books`: judges a lab that was played with by hand. */
export function addBooksCommand(program: Command, context: CommandContext): void {
  withLabChoice(
    withPlatformFlag(
      program
        .command("books")
        .description("judge a running lab by its books, the venues' and what its API shows"),
    ),
  ).action((flags: BooksFlags) => judge(flags, context));
}

async function judge(
  flags: BooksFlags,
  { environment, output, signal, conclude }: CommandContext,
): Promise<void> {
  const platform = await readPlatform(flags.platform, environment);
  const { id, addresses } = pickLab(await readyLabs(environment, flags), flags);
  const { checks, notApplicable } = await judgeBooks({ addresses, platform, clock: steadyClock, signal });
  const verdict = mergeVerdicts(checks.map((check) => check.verdict));
  output.result({
    lab: id,
    checks: checks.map(({ name, verdict, expected, received }) => ({ name, verdict, expected, received })),
    notApplicable: notApplicable.map(({ what, needs }) => ({ what, needs })),
  });
  for (const check of checks) output.line(`  ${MARK[check.verdict]} ${check.name}: ${check.received}`);
  const needs = Map.groupBy(notApplicable, (each) => each.needs);
  for (const [need, its] of needs)
    output.line(`  – not judged: ${its.map(({ what }) => what).join(", ")} (needs ${need})`);
  output.line(`${verdict.toUpperCase()}  the books of lab ${id}`);
  conclude(verdict);
}
