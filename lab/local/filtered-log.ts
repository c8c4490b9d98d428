import { closeSync, openSync, writeSync } from "node:fs";
import type { Readable } from "node:stream";
import { type SecretRegistry, SecretStream } from "../../core/index.ts";
import { readLines } from "./output-lines.ts";

/**
 * How long to wait for the output of an ended process: a process that left its group may keep the pipe open.
 */
const LAST_OUTPUT_LIMIT_MS = 500;

/**
 * The log of a process: everything that it writes to its outputs, without secrets. When the runner is killed,
 * the log contains only what was filtered by then.
 */
export class FilteredLog {
  readonly path: string;
  /** The first line of the first output, unfiltered; never resolves when there is none. */
  readonly firstOutputLine: Promise<string>;
  readonly #file: number;
  readonly #secrets: SecretRegistry;
  readonly #outputs: readonly Readable[];
  readonly #read: Promise<unknown>;
  #open: number;

  /** Starts reading the outputs. The file is appended to. */
  constructor(path: string, secrets: SecretRegistry, outputs: readonly [Readable, Readable]) {
    this.path = path;
    this.#secrets = secrets;
    this.#file = openSync(path, "a");
    this.#outputs = outputs;
    this.#open = outputs.length;
    this.firstOutputLine = new Promise((resolve) => readLines(outputs[0], resolve));
    this.#read = Promise.all(outputs.map((output) => this.#copy(output)));
  }

  /** Resolves when everything is in the file. */
  async whenRead(): Promise<void> {
    const limit = setTimeout(() => {
      for (const output of this.#outputs) output.destroy();
    }, LAST_OUTPUT_LIMIT_MS);
    await this.#read;
    clearTimeout(limit);
  }

  #copy(output: Readable): Promise<void> {
    const filtered = new SecretStream(this.#secrets);
    output.setEncoding("utf8");
    output.on("data", (text: string) => this.#write(filtered.push(text)));
    return new Promise((resolve) => {
      // Emitted last in any case: after the end, an error, or destruction.
      output.once("close", () => {
        this.#write(filtered.end());
        this.#open--;
        if (this.#open === 0) closeSync(this.#file);
        resolve();
      });
      output.once("error", () => output.destroy());
    });
  }

  // A full disk loses log lines; it must not end the runner, which has to stop the lab.
  #write(text: string): void {
    if (text === "") return;
    try {
      writeSync(this.#file, text);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
    }
  }
}
