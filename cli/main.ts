import { EXIT_CODE, type ExitCode, type Verdict } from "../core/index.ts";
import { runSecrets } from "../runs/index.ts";
import { registerArguments } from "./command-secrets.ts";
import { Crash } from "./crash.ts";
import { readEnvironment } from "./environment.ts";
import { endingOf } from "./exit.ts";
import { interruption } from "./interruption.ts";
import { KnownVerdict } from "./known-verdict.ts";
import { processOutput } from "./output.ts";
import { makeProgram } from "./program.ts";
import { StandardOutput } from "./standard-output.ts";

const secrets = runSecrets();
const known = new KnownVerdict();
const interrupted = interruption();
const crash = new Crash({
  known,
  interrupt: (reason) => interrupted.abort(reason),
  write: (line) => void process.stderr.write(secrets.filter(line)),
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

let exitCode: ExitCode = EXIT_CODE.pass;
try {
  registerArguments(secrets, process.argv.slice(2));
  const environment = readEnvironment(secrets);
  await makeProgram({
    environment,
    output: processOutput(environment.terminal.interactive, (text) => secrets.filter(text)),
    signal: interrupted.signal,
    noteVerdict: (verdict: Verdict) => known.note(verdict),
    exitWith: (code) => {
      exitCode = code;
    },
  }).parseAsync();
} catch (error) {
  const ending = endingOf(error);
  // A crash was already reported when it happened.
  if (ending.message !== null && !crash.happened) process.stderr.write(`${secrets.filter(ending.message)}\n`);
  exitCode = known.exitCodeAfter(ending.exitCode);
}
process.exitCode = crash.exitCodeOf(known.exitCodeWith(exitCode));
