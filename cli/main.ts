import { readEnvironment } from "./environment.ts";
import { endingOf } from "./exit.ts";
import { interruption } from "./interruption.ts";
import { processOutput } from "./output.ts";
import { makeProgram } from "./program.ts";

// A closed pipe (`kanit status | head`) is not an error and must not end a run.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const environment = readEnvironment();
const context = {
  environment,
  output: processOutput(environment.terminal.interactive),
  signal: interruption(),
  exitWith: (code: number) => {
    process.exitCode = code;
  },
};

try {
  await makeProgram(context).parseAsync();
} catch (error) {
  const ending = endingOf(error);
  if (ending.message !== null) process.stderr.write(`${ending.message}\n`);
  process.exitCode = ending.exitCode;
}
