import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { DriverLog } from "./driver-log.ts";
import { DRIVER_INPUT_FILE, type DriverProgram } from "./driver-program.ts";
import { readDriverLines } from "./read-driver-lines.ts";

/** Questions that a driver does not read are kept up to this size. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024;
/** How long the last output of an ended driver is waited for: what it started may keep the pipe open. */
const LAST_OUTPUT_LIMIT_MS = 500;

/** Who is told what a driver does. */
export interface DriverListener {
  onLine(line: string): void;
  /** Called once, when nothing more is to be expected of it; `why` continues "but it …". */
  onEnd(why: string): void;
}

/** A running driver under its guard: lines in and lines out, all of it bounded. */
export class DriverProcess {
  readonly #child: ChildProcess;
  readonly #input: Writable;
  readonly #listener: DriverListener;
  readonly #log: DriverLog;
  readonly #exited: Promise<void>;
  #over = false;

  constructor(program: DriverProgram, listener: DriverListener) {
    this.#listener = listener;
    const [command, ...args] = program.command;
    const child = spawn(command, args, {
      cwd: program.workingDirectory,
      env: { ...program.environment },
      stdio: ["pipe", "pipe", "pipe", "ignore", "pipe"],
      detached: true,
    });
    this.#child = child;
    const [leash, output, errors] = child.stdio as [Writable, Readable, Readable, null, Writable];
    const input = child.stdio[DRIVER_INPUT_FILE] as Writable;
    this.#input = input;
    // An end that closed is noticed as the end of the process.
    leash.on("error", () => leash.destroy());
    input.on("error", () => input.destroy());
    output.on("error", () => output.destroy());
    this.#log = new DriverLog(errors, program.logPath, program.secrets, () =>
      this.end("wrote more than 16 MiB to its standard error"),
    );
    readDriverLines(output, {
      onLine: (line) => {
        if (!this.#over) listener.onLine(line);
      },
      onTooLong: (limit) => this.end(`wrote a line of more than ${limit} characters`),
    });
    this.#exited = new Promise((resolve) => {
      child.once("error", (error) => {
        this.end(`could not be started: ${error.message}`);
        resolve();
      });
      child.once("exit", (code, signal) => {
        void lastOutput([output, errors]).then(() => {
          this.end(signal === null ? `ended with exit code ${code}` : `ended with signal ${signal}`);
          resolve();
        });
      });
    });
  }

  /** Hands it a line. */
  write(line: string): void {
    if (this.#over) return;
    if (this.#input.writableLength > MOST_UNREAD_BYTES) {
      this.end("does not read its standard input");
      return;
    }
    this.#input.write(`${line}\n`);
  }

  /** Ends it for what it did: nothing that it writes is read any more. */
  end(why: string): void {
    if (this.#over) return;
    this.#over = true;
    const said = this.#log.lastWords;
    this.#release();
    this.#listener.onEnd(said === "" ? why : `${why}; its last output: ${said}`);
  }

  /** Ends it, and waits until it is gone; its listener is not called any more. */
  async stop(): Promise<void> {
    this.#over = true;
    this.#release();
    await this.#exited;
  }

  #release(): void {
    this.#input.destroy();
    this.#child.stdin?.destroy();
  }
}

/** Resolves when both outputs were read to their ends, and at the latest after a moment. */
async function lastOutput(outputs: readonly Readable[]): Promise<void> {
  const limit = setTimeout(() => {
    for (const output of outputs) output.destroy();
  }, LAST_OUTPUT_LIMIT_MS);
  await Promise.all(
    outputs.map((output) => (output.closed ? null : new Promise((resolve) => output.once("close", resolve)))),
  );
  clearTimeout(limit);
}
