import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { type SecretRegistry, UnavailableError } from "../../core/index.ts";
import { ProcessDiedError } from "../process-died-error.ts";
import { processLogPath } from "../process-names.ts";
import { FilteredLog } from "./filtered-log.ts";
import { guarded } from "./guard.ts";
import { type ProcessEntry, readProcessTable } from "./process-table.ts";
import { endTree, programTree } from "./process-tree.ts";
import type { UserIdentity } from "./unprivileged-user.ts";

/** A log may have any size, and its last lines are at its end. */
const LOG_TAIL_BYTES = 65_536;
const LAST_LINES = 8;
const LINE_LENGTH_LIMIT = 400;

/** How to run one process of the lab. */
export interface GuardedCommand {
  /** The process's name in messages and of its log file. */
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly logDirectory: string;
  /** The signal for an immediate, orderly end: QUIT is Postgres's immediate shutdown. */
  readonly stopSignal: "TERM" | "QUIT";
  readonly user: UserIdentity;
  /** The control group of its lab, in which it gets its own; null for none. */
  readonly controlGroup: string | null;
}

/** A running process that cannot outlive this one: see guard.sh. */
export class GuardedProcess implements AsyncDisposable {
  readonly name: string;
  readonly logPath: string;
  readonly #child: ChildProcess;
  readonly #log: FilteredLog;
  readonly #exited: Promise<string>;
  #stopping = false;

  private constructor(command: GuardedCommand, child: ChildProcess, log: FilteredLog) {
    this.name = command.name;
    this.logPath = log.path;
    this.#child = child;
    this.#log = log;
    this.#exited = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        // Its last lines are in its log before its end is reported.
        void log.whenRead().then(() => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
      });
    });
  }

  /** Starts the command; resolves once it is running, which does not mean that it is ready. */
  static async start(command: GuardedCommand, secrets: SecretRegistry): Promise<GuardedProcess> {
    const logPath = processLogPath(command.logDirectory, command.name);
    try {
      // The kernel lets only a group's owner move a process between groups.
      const group = command.user.kind === "same" ? (command.controlGroup ?? "-") : "-";
      const [shell, ...args] = guarded(command.command, command.stopSignal, group);
      const child = spawn(shell, args, {
        cwd: command.workingDirectory,
        env: { ...command.environment },
        // Both outputs are pipes, so that nothing reaches the log unfiltered.
        stdio: ["pipe", "pipe", "pipe"],
        detached: true,
        ...(command.user.kind === "other" ? { uid: command.user.uid, gid: command.user.gid } : {}),
      });
      // A guard that is gone already closes its end, which is detected as its exit.
      child.stdin?.on("error", () => child.stdin?.destroy());
      await once(child, "spawn");
      return new GuardedProcess(
        command,
        child,
        new FilteredLog(logPath, secrets, [child.stdout, child.stderr]),
      );
    } catch (error) {
      throw new UnavailableError({
        code: "process-not-started",
        message: `Expected to start ${command.name} (${command.command[0]}), got: ${describe(error)}.`,
        nextStep: "Check that the program exists and may be executed, and that the machine has memory left.",
        cause: error,
      });
    }
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /**
   * The command's process, first, and everything that it started, from the process table; none once it has
   * ended.
   */
  treeIn(table: ReadonlyMap<number, ProcessEntry>): readonly ProcessEntry[] {
    return this.#child.pid === undefined || !this.isRunning ? [] : programTree(table, this.#child.pid);
  }

  /**
   * Kills the command and everything that it started, and waits until it is gone; this is
   * not reported as a death.
   */
  async kill(): Promise<void> {
    this.#stopping = true;
    const tree = this.treeIn(await readProcessTable());
    // The guard has only just started, or is ending: it ends the rest itself.
    if (tree.length === 0) return this.stop();
    endTree(tree.map(({ pid }) => pid));
    await this.#exited;
  }

  /**
   * Resolves with the first line that the process writes to its standard output; the rest goes to its log.
   */
  async firstOutputLine(): Promise<string> {
    return await this.#aliveUntil(this.#log.firstOutputLine);
  }

  /** Resolves when `ready` does; throws a ProcessDiedError when the process ends first. */
  async untilReady<T>(ready: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    try {
      return await this.#aliveUntil(ready(abort.signal));
    } finally {
      abort.abort();
    }
  }

  /** Resolves when the process has ended in any way. */
  async ended(): Promise<void> {
    await this.#exited;
  }

  /** Resolves when the process has ended by itself, which then is not reported as a death. */
  async exited(): Promise<void> {
    this.#stopping = true;
    await this.#exited;
  }

  /**
   * Resolves when the process has ended with exit code 0.
   *
   * @throws ProcessDiedError when it ends otherwise.
   */
  async succeeded(): Promise<void> {
    this.#stopping = true;
    const ending = await this.#exited;
    if (ending !== "exit code 0") throw this.#died(ending);
  }

  /** Calls the listener when the process ends unexpectedly. */
  onUnexpectedExit(listener: (error: ProcessDiedError) => void): void {
    void this.#exited.then((ending) => {
      if (!this.#stopping) listener(this.#died(ending));
    });
  }

  /** Its last lines of output. */
  lastLines(): readonly string[] {
    return lastLines(this.logPath);
  }

  /** Ends the process and waits until it is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#child.stdin?.destroy();
    await this.#exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #aliveUntil<T>(promise: Promise<T>): Promise<T> {
    const death = this.#exited.then((ending): never => {
      throw this.#died(ending);
    });
    return Promise.race([promise, death]);
  }

  #died(ending: string): ProcessDiedError {
    return new ProcessDiedError({
      process: this.name,
      logPath: this.logPath,
      ending,
      lastLines: this.lastLines(),
    });
  }
}

/** The last lines of a log, limited to the size of an error message; none when the log was removed. */
function lastLines(path: string): readonly string[] {
  const lines = readLog(path)
    .split("\n")
    .filter((line) => line.trim() !== "");
  return lines.slice(-LAST_LINES).map((line) => line.slice(0, LINE_LENGTH_LIMIT));
}

function readLog(path: string): string {
  try {
    const log = openSync(path, "r");
    try {
      const { size } = fstatSync(log);
      const tail = Buffer.alloc(Math.min(size, LOG_TAIL_BYTES));
      const read = readSync(log, tail, 0, tail.length, size - tail.length);
      return tail.toString("utf8", 0, read);
    } finally {
      closeSync(log);
    }
  } catch (error) {
    if (isCode(error, "ENOENT")) return "";
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
