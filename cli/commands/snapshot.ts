import { relative } from "node:path";
import { Argument, type Command, InvalidArgumentError } from "commander";
import { KanitError, parseDurationMs, systemClock } from "../../core/index.ts";
import { CANARY_STAGES, type CanaryStage, readCommit, takeSnapshot } from "../../gates/index.ts";
import { GateFiling, readEvidence } from "../../releases/index.ts";
import { commandLine } from "../../runs/index.ts";
import { ALL_RULE_FILES, alertsOf, loadRuleFiles } from "../../signals/index.ts";
import type { CommandContext } from "../context.ts";
import { newestRelease } from "../newest-release.ts";
import { openTarget, type TargetFlags, withTargetFlags } from "../open-target.ts";
import { makeOutputFolder } from "../output-folder.ts";
import { wholeNumber } from "../parse-arguments.ts";
import { release, releasesOf } from "../release-flags.ts";

const USUAL_WINDOW = "5m";
/** With no error among so many requests, the error rate is at most 1 % with 95 % confidence. */
const USUAL_LEAST_REQUESTS = 299;
const MOST_REQUESTS = 1_000_000_000;
/** For a lab's monitor, which begins with the command. */
const PATIENCE_MS = 20_000;

interface SnapshotFlags extends TargetFlags {
  readonly window: string;
  readonly leastRequests: number;
}

/**
 * `kanit snapshot <stage> [release]`: what the metrics, the database, the pools and the logs say at a stage of the
 * canary.
 */
export function addSnapshotCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("snapshot")
    .description("file what metrics, database, pools and logs say at a stage of the canary")
    .addArgument(new Argument("<stage>", "the share of the traffic, in percent").choices(CANARY_STAGES))
    .argument(
      "[release]",
      "the release: v1.4.0 (default: the one for which something was filed last)",
      release,
    )
    .option("--window <duration>", "over which time the golden signals are read", queryWindow, USUAL_WINDOW)
    .option(
      "--least-requests <n>",
      "fewer requests in the window say nothing about latency and errors",
      wholeNumber(1, MOST_REQUESTS),
      USUAL_LEAST_REQUESTS,
    );
  withTargetFlags(command).action((stage: CanaryStage, name: string | undefined, flags: SnapshotFlags) =>
    snapshot(stage, name, flags, context),
  );
}

/** Parses the window of a query, which Prometheus reads as it is written. */
function queryWindow(text: string): string {
  try {
    if (parseDurationMs(text) > 0) return text;
  } catch (error) {
    if (!(error instanceof KanitError)) throw error;
  }
  throw new InvalidArgumentError("Expected a duration above 0, such as 5m or 15m.");
}

async function snapshot(
  stage: CanaryStage,
  name: string | undefined,
  flags: SnapshotFlags,
  context: CommandContext,
): Promise<void> {
  const { environment, output, signal, conclude, noteVerdict } = context;
  const releases = { ...releasesOf(flags, environment), secrets: environment.secrets };
  makeOutputFolder(releases.root, "--archive");
  const released = name ?? (await newestRelease(releases.root)) ?? "rehearsal";
  const groups = await loadRuleFiles(ALL_RULE_FILES);
  const watching = { timeScale: 1, triggers: groups, arm: "candidate" } as const;
  await using opened = await openTarget(released, flags, context, watching);
  const { target } = opened;
  const commit = (await readCommit(target.parts.repository?.directory ?? null, signal))?.sha ?? null;
  const filing = await GateFiling.open(releases, {
    ...{ release: released, gate: "snapshot", commit, target: target.name },
    command: commandLine(["snapshot", stage, released]),
  });
  const evidence = (file: string) => readEvidence(releases.root, released, file);
  const record = await takeSnapshot({
    ...{ stage, commit, filing, signal },
    target: { ...target, parts: { ...target.parts, evidence } },
    rules: alertsOf(groups),
    window: flags.window,
    leastRequests: flags.leastRequests,
    patienceMs: PATIENCE_MS,
    clock: systemClock,
  });
  noteVerdict(record.verdict);
  const folder = relative(process.cwd(), filing.folder);
  output.line(`${record.verdict}  stage ${stage} % of ${released} on ${target.name}`);
  for (const file of record.files) {
    output.line(`  ${file.verdict.padEnd(12)} ${file.name}`);
    for (const line of file.problems) output.line(`      problem: ${line}`);
    for (const line of file.missing) output.line(`      missing: ${line}`);
  }
  output.line(`  evidence: ${folder}`);
  output.result({ ...record, folder });
  conclude(record.verdict);
}
