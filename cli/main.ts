import "./working-folder.ts";
import { EXIT_CODE, type ExitCode, exitCodeOf, type Verdict } from "../core/index.ts";
import { createRedaction } from "../evidence/index.ts";
import { runSecrets } from "../runs/index.ts";
import { type AnsweredError, CommandAnswer } from "./command-answer.ts";
import { registerArguments } from "./command-secrets.ts";
import { Crash } from "./crash.ts";
import { readEnvironment } from "./environment.ts";
import { endingOf } from "./exit.ts";
import { interruption } from "./interruption.ts";
import { KnownVerdict } from "./known-verdict.ts";
import { processOutput } from "./output.ts";
import { makeProgram } from "./program.ts";
import { StandardOutput } from "./standard-output.ts";
import { terminalText } from "./terminal-text.ts";

const secrets = runSecrets();
const filter = (text: string) => secrets.filter(text);
const known = new KnownVerdict();
const interrupted = interruption();
const crash = new Crash({
  known,
  interrupt: (reason) => interrupted.abort(reason),
  filter,
  write: (line) => void process.stderr.write(terminalText(line)),
  exit: (code) => process.exit(code),
});
const standardOutput = new StandardOutput(process.stdout, process.stderr, (error) => {
  process.stderr.write(`kanit: Expected to write the standard output, got: ${error.message}.\n`);
});
// The last line's failure comes after all else.
process.once("exit", () => {
  if (standardOutput.hasFailed) process.exitCode = known.exitCodeWith(EXIT_CODE.unavailable);
});
// Also called for unhandled rejections.
process.on("uncaughtException", crash.onUncaught);
// This code remains when the program waits for an event that never comes, which Node ends with a code of its
// own.
process.exitCode = EXIT_CODE.internal;

const words = process.argv.slice(2);
const json = words.includes("--json");
const answer = new CommandAnswer((text) => void process.stdout.write(text), createRedaction(secrets));

let exitCode: ExitCode = EXIT_CODE.pass;
let error: AnsweredError | null = null;
try {
  registerArguments(secrets, words);
  const environment = readEnvironment(secrets);
  await makeProgram({
    environment,
    output: processOutput({
      interactive: environment.terminal.interactive,
      json,
      filter,
      onResult: (result) => answer.add(result),
      onAnswerNow: () => {
        if (json) answer.print({ verdict: null, exitCode: null, error: null });
      },
    }),
    signal: interrupted.signal,
    onCommand: (command) => answer.begin(command),
    noteVerdict: (verdict: Verdict) => known.note(verdict),
    conclude: (verdict: Verdict) => {
      known.note(verdict);
      exitCode = exitCodeOf(verdict);
    },
    exitWith: (code) => {
      exitCode = code;
    },
  }).parseAsync(isVersionOption(words) ? ["version", ...words.slice(1)] : words, { from: "user" });
} catch (cause) {
  const ending = endingOf(cause, filter);
  error = ending.error;
  // A crash was already reported when it happened.
  if (ending.message !== null && !crash.happened) process.stderr.write(`${terminalText(ending.message)}\n`);
  exitCode = known.exitCodeAfter(ending.exitCode);
}
const ended = crash.exitCodeOf(known.exitCodeWith(exitCode));
process.exitCode = ended;
if (json) answer.print({ verdict: verdictOf(ended), exitCode: ended, error });

/** A command that judges nothing has none, however well it ended. */
function verdictOf(code: ExitCode): Verdict | null {
  if (code === EXIT_CODE.fail) return "fail";
  return code === EXIT_CODE.inconclusive ? "inconclusive" : known.verdict;
}

/** Commander answers options of its own before any of kanit's code runs, and knows no JSON. */
function isVersionOption([first]: readonly string[]): boolean {
  return first === "--version" || first === "-V";
}
