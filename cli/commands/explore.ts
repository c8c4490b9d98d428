import { randomBytes } from "node:crypto";
import { join, relative, resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { parseDurationMs, systemClock } from "../../core/index.ts";
import {
  drawLimits,
  ExplorationFolder,
  type ExploreEvent,
  explore,
  renderExploration,
  signatureText,
  subjectOf,
} from "../../explorer/index.ts";
import { LINK_NAMES } from "../../lab/index.ts";
import { commandLine, startProvenLab } from "../../runs/index.ts";
import type { CommandContext } from "../context.ts";
import { completeLabFlags, type LabFlags, withLabFlags } from "../lab-flags.ts";
import type { Output } from "../output.ts";
import { nonEmpty, positiveNumber, wholeNumber } from "../parse-arguments.ts";

interface ExploreFlags extends LabFlags {
  readonly minutes: number;
  readonly budget: number;
  readonly labs: number;
  readonly links?: readonly string[];
  readonly untilFailure: boolean;
  readonly shrinkFor: number;
  readonly resume?: string;
}

const MINUTE_MS = 60_000;
const LONGEST_MINUTES = 24 * 60;
const MOST_EXPERIMENTS = 1_000_000;
const MOST_LABS = 16;
const DEFAULT_LABS = 2;
/** Faults of processes have these in a link's place. */
const PROCESSES = ["platform", "postgres", "pgbouncer", "exchanges"] as const;

/** `kanit explore`: draws experiments, and finds what nobody wrote a scenario for. */
export function addExploreCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("explore")
    .description("draw experiments of about a second each; a failure is shrunk and can be repeated")
    .option("--minutes <n>", "how long to explore", positiveNumber(LONGEST_MINUTES), 5)
    .option(
      "--budget <n>",
      "end after so many experiments, if that is earlier",
      wholeNumber(1, MOST_EXPERIMENTS),
      MOST_EXPERIMENTS,
    )
    .option("--labs <n>", "how many labs work side by side", wholeNumber(1, MOST_LABS), DEFAULT_LABS)
    .option("--links <list>", "faults on these links and processes only, comma-separated", parseLinks)
    .option("--until-failure", "end with the first failure, once it is shrunk", false)
    .option("--shrink-for <duration>", "how long each failure is shrunk at most", parseDuration, MINUTE_MS)
    .option("--resume <folder>", "go on with an exploration that was interrupted", nonEmpty);
  withLabFlags(command).action((flags: ExploreFlags) => run(flags, context));
}

async function run(flags: ExploreFlags, context: CommandContext): Promise<void> {
  const { environment, output, signal, conclude, noteVerdict } = context;
  const { repeat, runtime, outDirectory, seed, ...lab } = await completeLabFlags(flags, environment);
  const subject = subjectOf(lab.platform);
  if (!subject.isCompressed) {
    output.line(
      `${lab.platform.name} has no \`timeouts\` in its definition, so that it is explored more slowly: docs/explorer.md.`,
    );
  }
  const links = flags.links ?? null;
  const hasKanitEngine = runtime.name === "local" || runtime.docker.proxyEngine === "kanit";
  const opening = {
    ...{ format: "kanit.exploration/1" as const, platform: lab.platform.name, seed },
    links: links ?? ["any"],
  };
  const folder =
    flags.resume === undefined
      ? await ExplorationFolder.create(join(outDirectory, folderName(seed)), opening, environment.secrets)
      : await ExplorationFolder.reopen(resolve(flags.resume), opening, environment.secrets);
  const explored = await explore({
    ...{ subject, seed, folder, signal, clock: systemClock, labs: flags.labs },
    limits: drawLimits(subject, { links, hasKanitEngine }),
    startLab: (number) =>
      startProvenLab(runtime, {
        ...{ ...lab, seed, signal, platform: subject.platform },
        temporaryDirectory: environment.temporaryDirectory,
        logDirectory: join(folder.path, "logs", `lab-${number}`),
      }),
    budget: {
      durationMs: flags.minutes * MINUTE_MS,
      experiments: flags.budget,
      untilFailure: flags.untilFailure,
      shrinkMs: flags.shrinkFor,
    },
    commandFor: (path) => commandLine(["run", "--reproduction", relative(process.cwd(), path), ...repeat]),
    listener: (event) => {
      if (event.kind === "experiment.ended") noteVerdict(event.line.verdict);
      show(event, output);
    },
  });
  output.line("");
  for (const line of renderExploration(explored)) output.line(line);
  output.line(`\nFolder ${relative(process.cwd(), folder.path)}`);
  if (signal.aborted) {
    const words = [
      "explore",
      "--resume",
      relative(process.cwd(), folder.path),
      "--seed",
      String(seed),
      ...repeat,
    ];
    output.line(`Interrupted; go on with ${commandLine(words)}`);
  }
  const { record, reproductions, tookMs } = explored;
  output.result({ ...record, reproductions, tookMs, folder: folder.path });
  conclude(signal.aborted && record.verdict === "pass" ? "inconclusive" : record.verdict);
}

function show(event: ExploreEvent, output: Output): void {
  switch (event.kind) {
    case "labs.ready":
      output.line(`${event.labs} labs ready after ${(event.tookMs / 1_000).toFixed(1)} s`);
      return;
    case "experiment.ended": {
      const { record, tookMs, combinations } = event;
      const rate = Math.round((MINUTE_MS * record.experiments) / Math.max(1, tookMs));
      output.status(
        `${record.experiments} experiments, ${rate}/min, ${record.features} outcomes of ${combinations} combinations, ${record.groups.length} failures`,
      );
      return;
    }
    case "failure.found":
      output.line(`✕ experiment ${event.experiment}: ${signatureText(event.signature)}; shrinking`);
      return;
    case "failure.shrunk":
      output.line(`  ${event.reproduction.story}\n  ${relative(process.cwd(), event.path)}`);
      return;
    case "lab.replaced":
      output.line(`A lab is replaced: ${event.why}`);
      return;
  }
}

function folderName(seed: number): string {
  const time = new Date(systemClock.nowMs()).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  return `${time}Z-explore-seed${seed}-${randomBytes(4).toString("hex")}`;
}

function parseLinks(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  const known: readonly string[] = [...LINK_NAMES, ...PROCESSES];
  const wrong = names.find((name) => !known.includes(name));
  if (wrong === undefined) return names;
  throw new InvalidArgumentError(`Known are ${[...new Set(known)].join(", ")}.`);
}

function parseDuration(text: string): number {
  try {
    return parseDurationMs(text);
  } catch {
    throw new InvalidArgumentError("Expected a duration such as 30s or 5m.");
  }
}
