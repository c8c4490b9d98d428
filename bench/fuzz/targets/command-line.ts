import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Command, CommanderError } from "commander";
import fc from "fast-check";
import { everyCommand, makeProgram } from "../../../cli/program.ts";
import { silentContext } from "../../../cli/testing/silent-context.ts";
import { EXIT_CODE } from "../../../core/index.ts";
import { type FuzzTarget, SHARES, slowTarget, target } from "../fuzz-target.ts";

const MAIN = fileURLToPath(new URL("../../../cli/main.ts", import.meta.url));
/** A command line that says nothing for so long hangs. */
const PROCESS_LIMIT_MS = 60_000;
/** They would install programs, or record another host. */
const NEVER_RUN = new Set(["setup", "record"]);
/** They only read. */
const READERS = ["verify", "report", "check", "list", "schema", "export", "completion", "version", "status"];
const EXIT_CODES: ReadonlySet<number | null> = new Set(Object.values(EXIT_CODE));

/** The real command line, except that no command does anything. */
function parserOnly(): Command {
  const program = makeProgram(silentContext());
  for (const command of everyCommand(program)) {
    silence(command);
    if (command.commands.length === 0) command.action(() => undefined);
  }
  return program;
}

function silence(command: Command): void {
  command.configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
}

const commands = everyCommand(parserOnly());
const VALUES = [
  ...[
    "",
    "0",
    "-1",
    "1e9",
    "1e999",
    "NaN",
    "4294967296",
    "9".repeat(40),
    "api=22=3",
    "api=8080",
    "10-500",
    "5m",
  ],
  ...[
    "/proc/x",
    "/proc/self/mem",
    "/dev/zero",
    "/",
    ".",
    "..",
    "\0",
    "a\0b",
    "A=b",
    "=",
    "--",
    "1_0",
    "０",
    "x".repeat(9_000),
  ],
  ...[
    "http://127.0.0.1:1",
    "http://evil.example",
    "//evil",
    "file:///etc/passwd",
    "http://[::1",
    "http://u:p@127.0.0.1:1/x",
  ],
  ...[
    "__proto__=1",
    "constructor",
    "spark",
    "binance",
    "postgres",
    "latency",
    "*",
    "(a+)+$",
    "\u001b[2J",
    "--json",
  ],
];
const argument = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(...commands.flatMap(({ options }) => options.map(({ long }) => long ?? ""))),
  },
  { weight: 4, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
);

/** Words of a command line, its command's name first. */
function lines(names: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...names), fc.array(argument, { maxLength: 6 }))
    .map((parts) => JSON.stringify(parts.flat()));
}

/** Every command and option with likely and unlikely values: parsed, run where nothing but reading happens, and run. */
export function commandLineTargets(folder: string): readonly FuzzTarget[] {
  const names = commands.map((command) => command.name());
  return [
    target(
      "command-line",
      lines(names),
      (text) => parserOnly().parseAsync(JSON.parse(text) as string[], { from: "user" }),
      (error) => error instanceof CommanderError,
    ),
    {
      ...target("command-reading", readings(folder), runReader, (error) => error instanceof CommanderError),
      share: SHARES.sockets,
    },
    slowTarget(
      "command-process",
      SHARES.processes,
      lines(names.filter((name) => !NEVER_RUN.has(name))),
      openProcesses,
    ),
  ];
}

/** Command lines that name odd files. */
function readings(folder: string): fc.Arbitrary<string> {
  const odd = join(folder, "odd");
  mkdirSync(join(odd, "empty"), { recursive: true });
  writeFileSync(join(odd, "text.yml"), "\0\ud800: [");
  writeFileSync(join(odd, "empty.yml"), "");
  writeFileSync(join(odd, "closed.yml"), "name: x");
  chmodSync(join(odd, "closed.yml"), 0);
  symlinkSync("loop", join(odd, "loop"));
  mkdirSync(join(odd, "run"));
  writeFileSync(join(odd, "run", "journal.jsonl"), "{}\n");
  const paths = ["", "empty", "text.yml", "empty.yml", "closed.yml", "loop", "run", "missing/x"].map((name) =>
    join(odd, name),
  );
  const word = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...paths, "/proc/self/mem", "/dev/null", "/proc/self/environ") },
    { weight: 3, arbitrary: fc.constantFrom(...VALUES) },
    { weight: 1, arbitrary: argument },
  );
  return fc
    .tuple(fc.constantFrom(...READERS), fc.array(word, { minLength: 1, maxLength: 2 }))
    .map((parts) => JSON.stringify(parts.flat()));
}

async function runReader(text: string): Promise<string> {
  const shown: string[] = [];
  const context = silentContext();
  const program = makeProgram({
    ...context,
    output: { ...context.output, line: (line: string) => void shown.push(line) },
  });
  for (const command of everyCommand(program)) silence(command);
  await program.parseAsync(JSON.parse(text) as string[], { from: "user" });
  return shown.join("\n");
}

/** Each command line as a process of its own, in a folder where nothing can be written and no lab can start. */
async function openProcesses() {
  const folder = mkdtempSync(join(tmpdir(), "kanit-fuzz-"));
  return {
    read: (text: string) => runProcess(folder, JSON.parse(text) as string[]),
    [Symbol.asyncDispose]: () => {
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

async function runProcess(folder: string, words: readonly string[]): Promise<string> {
  // A process cannot be given such an argument.
  if (words.some((word) => word.includes("\0"))) return "";
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd: folder,
    // Nothing is found by it, and its labs have no folder.
    env: {
      PATH: "/nonexistent",
      HOME: folder,
      TMPDIR: join(folder, "missing"),
      KANIT_OUT: join(folder, "out"),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const output of [child.stdout, child.stderr]) {
    output.on("data", (chunk) => {
      said += chunk;
    });
  }
  const timer = setTimeout(() => child.kill("SIGKILL"), PROCESS_LIMIT_MS);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearTimeout(timer);
  if (!EXIT_CODES.has(code) || code === EXIT_CODE.internal) {
    throw new Error(`ended with ${code ?? child.signalCode}: ${said.slice(-2_000)}`);
  }
  return said;
}
