import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { UsageError } from "../../core/index.ts";
import {
  type FirstAnswers,
  firstDefinition,
  firstScenario,
  platformJsonSchema,
  platformNameSchema,
} from "../../definition/index.ts";
import { scenarioJsonSchema } from "../../harness/index.ts";
import { TRADING_VENUE_NAMES, VENUE_NAMES, type VenueName } from "../../venues/index.ts";
import type { CommandContext } from "../context.ts";

interface InitFlags {
  readonly name?: string;
  readonly venues?: string;
  readonly start?: string;
  readonly metrics?: string;
  readonly api?: string;
}

/** The five questions; each can be answered by the option of its name. */
const QUESTIONS = {
  name: "What is the platform called?",
  venues: `Which venues does it trade? (${VENUE_NAMES.join(", ")})`,
  start: "Which command starts it, in this folder?",
  metrics: "At which path are its metrics, in Prometheus's format?",
  api: "How is its API spoken? (http: by a mapping in platform.yml; driver: by a program of yours)",
} as const satisfies Readonly<Record<keyof InitFlags, string>>;

type Answers = Readonly<Record<keyof typeof QUESTIONS, string>>;

/** `kanit init`. */
export function addInitCommand(program: Command, context: CommandContext): void {
  const init = program
    .command("init")
    .description("write a first platform.yml and a scenario, from five answers")
    .argument("[folder]", "where to write them", ".");
  for (const [name, question] of Object.entries(QUESTIONS)) init.option(`--${name} <answer>`, question);
  init.action((folder: string, flags: InitFlags) => writeFirstFiles(folder, flags, context));
}

async function writeFirstFiles(
  folder: string,
  flags: InitFlags,
  { environment, output, signal }: CommandContext,
): Promise<void> {
  const answers = readAnswers(await ask(flags, environment.terminal.asks, signal));
  const files = {
    "platform.yml": firstDefinition(answers),
    "platform.schema.json": json(platformJsonSchema()),
    "chaos/slow-database.yml": firstScenario(),
    "chaos/scenario.schema.json": json(scenarioJsonSchema()),
  };
  const existing = Object.keys(files).filter((name) => existsSync(join(folder, name)));
  if (existing.length > 0) {
    throw new UsageError({
      code: "file-exists",
      message: `Expected a folder without ${existing.join(", ")}, got ${folder}.`,
      nextStep: "Name another folder, or move the file away.",
    });
  }
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    output.line(path);
  }
  output.line(`Next: kanit check-platform ${join(folder, "platform.yml")}`);
  output.result({ files: Object.keys(files).map((name) => join(folder, name)) });
}

/** Asks for what the flags do not say, where somebody can answer. */
async function ask(flags: InitFlags, canAsk: boolean, signal: AbortSignal): Promise<Answers> {
  const names = Object.keys(QUESTIONS) as (keyof typeof QUESTIONS)[];
  const missing = names.filter((name) => flags[name] === undefined);
  const answers: Partial<Record<keyof typeof QUESTIONS, string>> = { ...flags };
  if (missing.length > 0 && !canAsk) {
    throw new UsageError({
      code: "answers-missing",
      message: `Expected an answer to each question, since nobody can be asked here, got none for ${missing.join(", ")}.`,
      nextStep: `Add ${missing.map((name) => `--${name} <answer>`).join(" ")}.`,
    });
  }
  if (missing.length > 0) {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      for (const name of missing) answers[name] = await lines.question(`${QUESTIONS[name]} `, { signal });
    } finally {
      lines.close();
    }
  }
  return answers as Answers;
}

function readAnswers({ name, venues, start, metrics, api }: Answers): FirstAnswers {
  const named = platformNameSchema.safeParse(name);
  if (!named.success) throw wrongAnswer("name", named.error.issues[0]?.message ?? "another name", name);
  const chosen = venues.split(/[\s,]+/).filter((venue) => venue !== "");
  const unknown = chosen.find((venue) => !VENUE_NAMES.some((known) => known === venue));
  if (unknown !== undefined) throw wrongAnswer("venues", `some of ${VENUE_NAMES.join(", ")}`, unknown);
  if (!TRADING_VENUE_NAMES.some((venue) => chosen.includes(venue)))
    throw wrongAnswer("venues", `at least one of ${TRADING_VENUE_NAMES.join(", ")}`, venues);
  const command = start.split(/\s+/).filter((word) => word !== "");
  if (command.length === 0) throw wrongAnswer("start", "a command", start);
  if (!metrics.startsWith("/")) throw wrongAnswer("metrics", "a path that begins with a slash", metrics);
  if (api !== "http" && api !== "driver") throw wrongAnswer("api", "http or driver", api);
  return { name, venues: [...new Set(chosen)] as VenueName[], start: command, metrics, api };
}

function wrongAnswer(question: keyof typeof QUESTIONS, expected: string, came: string): UsageError {
  return new UsageError({
    code: "wrong-answer",
    message: `Expected for --${question} ${expected.replace(/^expected /i, "")}, got ${JSON.stringify(came)}.`,
    nextStep: QUESTIONS[question],
  });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
