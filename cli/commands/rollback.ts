import { relative } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { formatDuration, systemClock, UsageError } from "../../core/index.ts";
import { ROLLBACK_GATE, type RollbackResult } from "../../gates/index.ts";
import { toOneLine } from "../../reports/index.ts";
import type { CommandContext } from "../context.ts";
import { drillGate } from "../drill-gate.ts";
import { showGateRecord } from "../gate-view.ts";
import { newestRelease } from "../newest-release.ts";
import { openTarget, type TargetFlags, withTargetFlags } from "../open-target.ts";
import { nonEmpty } from "../parse-arguments.ts";
import { openAndPass } from "../pass-gate.ts";
import { release, releasesOf } from "../release-flags.ts";
import { rollBack } from "../roll-back.ts";
import { rollbackLine } from "../rollback-line.ts";

interface RollbackFlags extends TargetFlags {
  readonly reason?: string;
  readonly stage?: string;
  readonly dryRun?: boolean;
  readonly again?: boolean;
  readonly drill?: boolean;
}

/** Evidence that belongs to no release. */
const REHEARSAL = "rehearsal";
const MOST_PERCENT = 100;

/** `kanit rollback [release] --reason … --stage …`: the way back, in one command. */
export function addRollbackCommand(program: Command, context: CommandContext): void {
  const command = program
    .command(ROLLBACK_GATE.name)
    .description("take a canary back: traffic, kill switch, previous version, until users are well")
    .argument("[release]", "the release (default: the one for which something was filed last)", release)
    .option("--reason <text>", "why, for the journal: p95_spike", nonEmpty)
    .option("--stage <percent>", "the share at which the canary is: 25", stageOf)
    .option("--dry-run", "change nothing: could each step be taken now? files rollback_dryrun.txt")
    .option("--again", "take all steps, although the last rollback is still in effect")
    .option("--drill", "harm a lab as each check's mutant says, and print which checks see it");
  withTargetFlags(command)
    .addHelpText(
      "after",
      "\nAfter a kill, the same command continues; its time counts from the first request.",
    )
    .action((name: string | undefined, flags: RollbackFlags) => rollback(name, flags, context));
}

async function rollback(
  given: string | undefined,
  flags: RollbackFlags,
  context: CommandContext,
): Promise<void> {
  const atMs = systemClock.nowMs();
  if (flags.drill === true) return drillGate(ROLLBACK_GATE, flags, context);
  const name = given ?? (await newestRelease(releasesOf(flags, context.environment).root)) ?? REHEARSAL;
  if (flags.dryRun === true) {
    showGateRecord(await openAndPass(ROLLBACK_GATE, name, flags, context), context);
    return;
  }
  const { reason, stage } = flags;
  if (reason === undefined || stage === undefined) throw missing(reason === undefined ? "reason" : "stage");
  const { output, conclude } = context;
  await using opened = await openTarget(name, flags, context);
  const { target } = opened;
  output.line(`Rolling back ${name} on ${target.name}: ${toOneLine(reason)}, at ${stage} %`);
  const result = await rollBack(
    {
      target,
      ...{ flags, reason, stage, atMs, isAgain: flags.again === true },
      onEntry: (entry) => {
        const line = rollbackLine(entry);
        const after = formatDuration(systemClock.nowMs() - atMs);
        if (line !== null) output.line(`  ${after.padStart(9)}  ${toOneLine(line)}`);
      },
    },
    context,
  );
  show(name, result, context);
  conclude(result.verdict);
}

function show(name: string, { kind, state, verdict, problems }: RollbackResult, { output }: CommandContext) {
  const { request, ending, folder } = state;
  const tookMs = ending?.wellAtMs == null ? null : ending.wellAtMs - request.atMs;
  const took =
    tookMs === null ? "users were not shown to be well" : `users well after ${formatDuration(tookMs)}`;
  const words = {
    performed: `rolled back, ${took}`,
    resumed: `rolled back, continued after a kill, ${took} from the first request`,
    "already-done": `done already at ${new Date(request.atMs).toISOString()}, ${took}; nothing was changed`,
  };
  output.line(`${verdict.toUpperCase()}  ${name}: ${words[kind]}`);
  for (const reason of [...(ending?.reasons ?? []), ...problems]) output.line(`  ${toOneLine(reason)}`);
  if (folder !== null) output.line(`  evidence: ${relative(process.cwd(), folder)}`);
  const steps = Object.fromEntries(
    [...state.steps].map(([step, { standing, what }]) => [step, { standing, what }]),
  );
  output.result({
    ...{
      release: name,
      kind,
      verdict,
      reason: request.reason,
      stage: request.stage,
      usersWellAfterMs: tookMs,
    },
    ...{ steps, reasons: ending?.reasons ?? [], problems, folder },
  });
}

/** Parses a share as people write it: `25` or `25%`. */
function stageOf(text: string): string {
  const [, percent] = /^(\d{1,3}(?:\.\d{1,2})?)\s?%?$/.exec(text.trim()) ?? [];
  if (percent !== undefined && Number(percent) <= MOST_PERCENT) return String(Number(percent));
  throw new InvalidArgumentError("Expected the canary's share in percent, such as 25.");
}

function missing(flag: "reason" | "stage"): UsageError {
  return new UsageError({
    code: "missing-option",
    message: `Expected --${flag} for the journal of the rollback, got none.`,
    nextStep: 'Type kanit rollback --reason "p95_spike" --stage 25, or kanit rollback --dry-run.',
  });
}
