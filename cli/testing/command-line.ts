import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin:/opt/homebrew/bin";
/** The compile cache of the command line, as in the launcher `kanit`. */
const COMPILED = fileURLToPath(new URL("../../node_modules/.cache/compiled", import.meta.url));
const execute = promisify(execFile);

/** The output of a command that ended. */
interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running command. */
export interface RunningCommand {
  readonly process: ChildProcess;
  /** Its standard output so far. */
  readonly said: () => string;
  /** Resolves with the first match in its output; rejects when it ends before. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<Ended>;
}

/** kanit's command line as a user runs it, with a temporary folder of its own. */
export interface CommandLine extends AsyncDisposable {
  readonly temporaryDirectory: string;
  start(args: readonly string[], environment?: Readonly<Record<string, string>>): RunningCommand;
  run(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Ended>;
  /** The processes of its labs that still run, by their command lines. */
  leftovers(): Promise<readonly string[]>;
}

/** Creates the temporary folder; disposal removes it with everything that was started in it. */
export async function openCommandLine(): Promise<CommandLine> {
  const temporaryDirectory = await mkdtemp(join(tmpdir(), "kanit-cli-"));
  // Root's Postgres runs as another user, who needs access.
  await chmod(temporaryDirectory, 0o755);
  const started: RunningCommand[] = [];
  const start: CommandLine["start"] = (args, environment = {}) => {
    const command = watch(
      spawn(process.execPath, [MAIN, ...args], {
        env: { PATH, TMPDIR: temporaryDirectory, NODE_COMPILE_CACHE: COMPILED, ...environment },
        stdio: ["ignore", "pipe", "pipe"],
      }),
    );
    started.push(command);
    return command;
  };
  return {
    temporaryDirectory,
    start,
    run: (args, environment) => start(args, environment).ended,
    leftovers: () => processesNaming(temporaryDirectory),
    [Symbol.asyncDispose]: async () => {
      // The guards of a killed command's lab stop the lab.
      for (const command of started) command.process.kill("SIGKILL");
      await Promise.all(started.map(({ ended }) => ended));
      await rm(temporaryDirectory, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
    },
  };
}

function watch(child: ChildProcess): RunningCommand {
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
    for (const listener of listeners) listener();
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, "close").then(([exitCode]): Ended => ({ exitCode, stdout, stderr }));
  const until = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(stdout);
        if (match === null) return;
        listeners.delete(look);
        resolve(match);
      };
      listeners.add(look);
      look();
      void ended.then(() => reject(new Error(`Expected ${pattern}, it ended with:\n${stdout}${stderr}`)));
    });
  return { process: child, said: () => stdout, until, ended };
}

async function processesNaming(text: string): Promise<readonly string[]> {
  const { stdout } = await execute("ps", ["axeww", "-o", "pid=,command="], { maxBuffer: 64 * 1024 * 1024 });
  const lines = stdout.split("\n").map((line) => line.trim());
  return lines.filter((line) => line.includes(text)).map((line) => line.slice(0, 120));
}
