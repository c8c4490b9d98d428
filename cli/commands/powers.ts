import type { Command } from "commander";
import {
  formatDuration,
  parseDurationMs,
  systemClock,
  UnavailableError,
  UsageError,
} from "../../core/index.ts";
import { openStateDirectory, RemotePowers } from "../../lab/index.ts";
import { type LabChoice, pickLab, type ReadyLab, readyLabs, withLabChoice } from "../choose-lab.ts";
import type { CommandContext } from "../context.ts";
import type { Environment } from "../environment.ts";
import type { CommandResult } from "../output.ts";

const SHORTEST_PAUSE_MS = 100;
const LONGEST_MS = 86_400_000;
const DEFAULT_PAUSE_MS = 10_000;

interface PauseFlags extends LabChoice {
  readonly for: number;
}

interface KillFlags extends LabChoice {
  readonly down: number;
}

/** `kanit pause` and `kanit kill`: pauses or kills processes of a lab. */
export function addPowerCommands(program: Command, context: CommandContext): void {
  const process_ = "a process of the lab: `kanit status` names them";
  withLabChoice(
    program
      .command("pause")
      .description("pause a process of the lab, with its connections open: kanit pause spark --for 5s")
      .argument("<process>", process_)
      .option(
        "--for <duration>",
        "for how long (default: 10s; kanit heal ends it)",
        readPause,
        DEFAULT_PAUSE_MS,
      ),
  ).action((name: string, flags: PauseFlags) => pause(name, flags, context));
  withLabChoice(
    program
      .command("kill")
      .description("kill a process of the lab with SIGKILL; the platform is restarted")
      .argument("<process>", process_)
      .option("--down <duration>", "how long the platform stays down (default: not at all)", readDown, 0),
  ).action((name: string, flags: KillFlags) => kill(name, flags, context));
}

async function pause(
  name: string,
  flags: PauseFlags,
  { environment, output }: CommandContext,
): Promise<void> {
  const lab = pickLab(await readyLabs(environment, flags), flags);
  await (await powersOf(lab, environment)).pause(name, flags.for);
  output.result({ lab: lab.id, process: name, forMs: flags.for });
  output.line(
    `${name} in lab ${lab.id} is paused for ${formatDuration(flags.for)}. \`kanit heal\` ends it now.`,
  );
}

async function kill(name: string, flags: KillFlags, { environment, output }: CommandContext): Promise<void> {
  const lab = pickLab(await readyLabs(environment, flags), flags);
  const outcome = await (await powersOf(lab, environment)).kill(name, flags.down);
  output.result({ lab: lab.id, outcome });
  output.line(
    outcome.kind === "started-again"
      ? `${name} in lab ${lab.id} was killed, and listened again after ${formatDuration(outcome.downMs)}.`
      : `${name} in lab ${lab.id} was killed. Nothing restarts it: \`kanit down\` stops the lab.`,
  );
}

/** The processes of a lab, as `kanit status` shows them. */
export interface ProcessStatus {
  readonly lines: readonly string[];
  /** For a program; null when their owner does not answer. `untilMs` is the end of a pause. */
  readonly processes: readonly CommandResult[] | null;
  /** Processes that are paused or were killed, and therefore do not answer. */
  readonly silent: ReadonlySet<string>;
}

export async function readProcesses(lab: ReadyLab, environment: Environment): Promise<ProcessStatus> {
  const state = await askOwner(lab, environment, (powers) => powers.state());
  if (state === null) {
    return {
      lines: ["  processes: unknown while their owner does not answer"],
      processes: null,
      silent: new Set(),
    };
  }
  const { cpu, interruptions } = state;
  const running = cpu.map(({ process, processors }) => {
    const paused = interruptions.find((each) => each.kind === "paused" && each.process === process);
    const leftMs = paused?.kind === "paused" ? paused.untilMs - systemClock.nowMs() : 0;
    const state = leftMs > 0 ? `paused for another ${formatDuration(leftMs)}` : "runs";
    return `  process ${process.padEnd(10)} ${(processors * 100).toFixed(1).padStart(5)} % of a processor  ${state}`;
  });
  const killed = interruptions.filter(({ kind }) => kind === "killed");
  return {
    lines: [...running, ...killed.map(({ process }) => `  process ${process.padEnd(10)} was killed`)],
    processes: [
      ...cpu.map(({ process, processors }) => ({ process, processors })),
      ...interruptions.map((interruption) => ({ ...interruption })),
    ],
    silent: new Set(interruptions.map(({ process }) => process)),
  };
}

/** Resumes all paused processes of a lab. */
export async function resumeAll(lab: ReadyLab, environment: Environment): Promise<void> {
  await askOwner(lab, environment, (powers) => powers.resumeAll());
}

/** Returns null when the lab's owner accepts no commands: it is ending, or an older kanit. Then nothing is paused. */
async function askOwner<T>(
  lab: ReadyLab,
  environment: Environment,
  ask: (powers: RemotePowers) => Promise<T>,
): Promise<T | null> {
  const powers = await powersOf(lab, environment);
  return ask(powers).catch((error: unknown) => {
    if (error instanceof UnavailableError && error.code === "lab-takes-no-commands") return null;
    throw error;
  });
}

async function powersOf(lab: ReadyLab, { temporaryDirectory }: Environment): Promise<RemotePowers> {
  return new RemotePowers((await openStateDirectory(temporaryDirectory)).labs, lab.id);
}

function readPause(text: string): number {
  return readLasting(text, "--for", SHORTEST_PAUSE_MS);
}

function readDown(text: string): number {
  return readLasting(text, "--down", 0);
}

function readLasting(text: string, flag: string, leastMs: number): number {
  const durationMs = parseDurationMs(text);
  if (durationMs >= leastMs && durationMs <= LONGEST_MS) return durationMs;
  throw new UsageError({
    code: "bad-duration",
    message: `Expected ${flag} to be from ${formatDuration(leastMs)} to 24h, got ${JSON.stringify(text)}.`,
    nextStep: "Write it as 500ms, 30s or 5m.",
  });
}
