import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { KanitError, systemClock, UsageError } from "../../core/index.ts";
import {
  noteLine,
  readCommit,
  runShow,
  type ShowRecord,
  type ShowStep,
  type StepFlags,
  type StepRecord,
  showText,
  stepLine,
  TIMELINE,
} from "../../gates/index.ts";
import { GateFiling, type ReleasesOptions } from "../../releases/index.ts";
import { commandLine } from "../../runs/index.ts";
import type { CommandContext } from "../context.ts";
import { openCanary } from "../open-canary.ts";
import { repositoryHere, type TargetFlags, withTargetFlags } from "../open-target.ts";
import { makeOutputFolder } from "../output-folder.ts";
import { runOwnCommand } from "../own-command.ts";
import { nonEmpty, wholeNumber } from "../parse-arguments.ts";
import { release, releasesOf } from "../release-flags.ts";
import { lockRelease } from "../release-lock.ts";
import { type SigningFlags, withSigningFlags } from "../signing-flags.ts";
import { fileNote, readWarRoom } from "../war-room-log.ts";

/** That of the first night, whose triggers need samples. */
const GREATEST_SHOW_SCALE = 300;
/**
 * Who uses a lab's platform while a release is rehearsed on it: with fewer, the stage of 1 % has not the requests that
 * it needs until its longest wait.
 */
const REHEARSAL_RPS = 100;
const MINUTE_MS = 60_000;
const USUAL_FILE = "release.yml";
/** Who says in the war room how a step ended. */
const SHOW = "run-of-show";

interface ShowFlags extends TargetFlags, SigningFlags {
  readonly timeScale: number;
  readonly commander?: string;
  readonly zero?: number;
  readonly from?: string;
  readonly until?: string;
  readonly goOn?: boolean;
  readonly plan?: boolean;
}

/** `kanit run-of-show <release>`: the timeline of a release, from the freeze to its lift. */
export function addRunOfShowCommand(program: Command, context: CommandContext): void {
  const names = TIMELINE.map(({ name }) => name);
  const command = program
    .command("run-of-show")
    .description(
      "carry out a release by its timeline: each step at its time, filed, held where one does not pass",
    )
    .argument("<release>", "the release: v1.4.0", release)
    .option("--zero <time>", "T-0, when the canary gets its first traffic: 2026-01-31T12:00:00Z", readTime)
    .option("--commander <name>", "who commands (default: the user who runs the command)", nonEmpty)
    .addOption(new Option("--from <step>", "the first step, where the ones before are done").choices(names))
    .addOption(new Option("--until <step>", "the last step").choices(names))
    .option("--plan", "print the timeline and change nothing")
    .option("--go-on", "go on after a step that does not pass, as a rehearsal with --time-scale does")
    .option(
      "--time-scale <n>",
      "rehearse: how many times as fast as the wall clock",
      wholeNumber(1, GREATEST_SHOW_SCALE),
      1,
    );
  withSigningFlags(withTargetFlags(command)).action((name: string, flags: ShowFlags) =>
    runOfShow(name, flags, context),
  );
}

async function runOfShow(name: string, flags: ShowFlags, context: CommandContext): Promise<void> {
  const { output, environment } = context;
  const commander = flags.commander ?? environment.user;
  const steps = stepsOf(flags);
  const zeroAtMs =
    flags.zero ?? systemClock.nowMs() - ((steps[0]?.minute ?? 0) * MINUTE_MS) / flags.timeScale;
  if (flags.plan === true) {
    const words = wordsOf(name, commander, flags);
    for (const step of steps) {
      const at = new Date(zeroAtMs + (step.minute * MINUTE_MS) / flags.timeScale).toISOString().slice(0, 19);
      output.line(`${at}Z  ${step.name.padEnd(13)} ${step.role.padEnd(10)} ${commandLine(words(step))}`);
    }
    output.result({ steps: steps.map((step) => ({ ...step, command: words(step) })) });
    return;
  }
  const releases = { ...releasesOf(flags, environment), secrets: environment.secrets };
  makeOutputFolder(releases.root, "--archive");
  await using _lock = await lockRelease(releases.root, `run-of-show-${name}`);
  const file = flags.releaseFile ?? (flags.lab === undefined && existsSync(USUAL_FILE) ? USUAL_FILE : null);
  if (file !== null) {
    const words = ["--release-file", resolve(file)];
    return carryOut({ name, steps, commander, zeroAtMs, target: file, lab: [], file: words }, flags, context);
  }
  await using lab = await openCanary({ ...flags, load: REHEARSAL_RPS }, context);
  const words = ["--lab", lab.name.replace(/^lab /, "")];
  await carryOut(
    { name, steps, commander, zeroAtMs, target: lab.name, lab: words, file: [] },
    flags,
    context,
  );
}

/** What is carried out, and on what. */
interface Show {
  readonly name: string;
  readonly steps: readonly ShowStep[];
  readonly commander: string;
  readonly zeroAtMs: number;
  readonly target: string;
  /** The flags that name it, for commands that take a lab or a release file. */
  readonly lab: readonly string[];
  readonly file: readonly string[];
}

async function carryOut(show: Show, flags: ShowFlags, context: CommandContext): Promise<void> {
  const { environment, output, signal, conclude, noteVerdict } = context;
  const { name, steps, commander, zeroAtMs, target } = show;
  const releases = { ...releasesOf(flags, environment), secrets: environment.secrets };
  const commit = (await readCommit(repositoryHere(), signal))?.sha ?? null;
  const filing = await GateFiling.open(releases, {
    ...{ release: name, gate: SHOW, commit, target, command: commandLine([SHOW, name]) },
  });
  const words = wordsOf(name, commander, flags);
  const more = flagWords(show, releases, flags);
  output.line(
    `Run of show of ${name} on ${target}, T-0 at ${new Date(zeroAtMs).toISOString()}, ${commander} commands`,
  );
  const record = await runShow({
    ...{ release: name, target, commander, steps, zeroAtMs, timeScale: flags.timeScale, signal },
    ...{ goesOn: flags.goOn === true || flags.timeScale !== 1, clock: systemClock },
    commandOf: (step) => commandLine(words(step)),
    run: (step, until) =>
      runOwnCommand({
        words: [...words(step), ...step.flags.flatMap((each) => more[each])],
        variables: environment.commandVariables(step.flags.includes("signing")),
        signal: until,
        onLine: (line) => output.status(`${step.name}: ${line}`),
      }),
    onStep: async (step) => {
      filing.note("show.step", step);
      if (step.endedAt === null) return output.status(`${step.name} …`);
      output.line(stepLine(step));
      await noteSignal(step, name, releases, context);
    },
  });
  noteVerdict(record.verdict);
  await fileShow(record, filing, releases);
  const folder = relative(process.cwd(), filing.folder);
  if (record.held !== null) showHold(record, context);
  output.line(`${record.verdict}  run of show of ${name}, evidence: ${folder}`);
  output.result({ ...record, folder });
  conclude(record.verdict);
}

/** Files the timeline as it went, and the log of the war room. */
async function fileShow(record: ShowRecord, filing: GateFiling, releases: ReleasesOptions): Promise<void> {
  const { release: name, verdict, held } = record;
  const command = commandLine([SHOW, name]);
  const { log } = await readWarRoom(releases, name);
  const json = `${JSON.stringify(record, null, 2)}\n`;
  const files = [
    { name: `run_of_show_${name}.txt`, kind: "gate.run-of-show.summary", text: showText(record) },
    { name: "run_of_show.json", kind: "gate.run-of-show.record", text: json },
    {
      name: `war_room_${name}.txt`,
      kind: "gate.run-of-show.war-room",
      text: `${log.map(noteLine).join("\n")}\n`,
    },
  ];
  for (const file of files) await filing.file({ ...file, command });
  await filing.end({ verdict, problems: held === null ? [] : [held] });
}

/** Notes in the war room how a step ended: it is a message where it differs from the last time. */
async function noteSignal(
  { name: signal, verdict }: StepRecord,
  name: string,
  releases: ReleasesOptions,
  { output }: CommandContext,
): Promise<void> {
  const at = new Date(systemClock.nowMs()).toISOString();
  try {
    await fileNote(releases, name, { kind: "signal", at, by: SHOW, signal, value: verdict });
  } catch (error) {
    if (!(error instanceof KanitError)) throw error;
    output.line(`  warning: not noted: ${error.message}`);
  }
}

function showHold({ release: name, held, steps }: ShowRecord, { output }: CommandContext): void {
  const next = steps.find(({ endedAt, verdict }) => endedAt === null || verdict !== "pass");
  output.line(`HELD: ${held}. The freeze holds. What now, the commander says:`);
  output.line(`  go on      kanit run-of-show ${name} --from ${next?.name ?? "freeze"}`);
  output.line(`  give up    kanit freeze lift ${name}`);
  if (steps.some((step) => step.name === "canary" && step.startedAt !== null)) {
    output.line(`  take back  kanit rollback ${name} --reason <why> --stage <percent>`);
  }
}

function stepsOf({ from, until }: ShowFlags): readonly ShowStep[] {
  const first = from === undefined ? 0 : TIMELINE.findIndex(({ name }) => name === from);
  const last = until === undefined ? TIMELINE.length - 1 : TIMELINE.findIndex(({ name }) => name === until);
  if (first <= last) return TIMELINE.slice(first, last + 1);
  throw new UsageError({
    code: "no-steps",
    message: `Expected --from before --until, got ${from ?? "freeze"} and ${until ?? "lift"}.`,
    nextStep: "See the order with --plan.",
  });
}

/** The words of a step's command, for a person. */
function wordsOf(name: string, commander: string, { timeScale }: ShowFlags) {
  const filled = (word: string) =>
    word.replace("{release}", name).replace("{scale}", String(timeScale)).replace("{commander}", commander);
  return ({ command }: ShowStep): string[] => command.map(filled);
}

/** The words that pass on the flags of the show. */
function flagWords(
  { lab, file }: Show,
  { root }: ReleasesOptions,
  flags: ShowFlags,
): Readonly<Record<StepFlags, readonly string[]>> {
  const given = (flag: string, value: string | undefined) => (value === undefined ? [] : [flag, value]);
  return {
    archive: ["--archive", root],
    lab,
    target: [...lab, ...file],
    keys: flags.keys.flatMap((path) => ["--keys", path]),
    signing: [
      ...flags.key.flatMap((path) => ["--key", path]),
      ...given("--passphrase-file", flags.passphraseFile),
      ...given("--signer", flags.signer),
      ...given("--public-key", flags.publicKey),
    ],
  };
}

/** Parses a time with its zone. */
function readTime(text: string): number {
  const atMs = /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(atMs)) return atMs;
  throw new InvalidArgumentError("Expected a time with its zone, such as 2026-01-31T12:00:00Z.");
}
