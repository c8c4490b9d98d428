import { closeSync, openSync, writeSync } from "node:fs";
import type { Readable } from "node:stream";
import { type SecretRegistry, SecretStream } from "../../core/index.ts";
import { readLines } from "./output-lines.ts";

/**
 * How long to wait for the output of an ended process: a process that left its group may keep the pipe open.
 */
const LAST_OUTPUT_LIMIT_MS = 500;

/** The filter for secrets may miss one. */
const OWNER_ONLY = 0o600;

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
  #lost: { readonly bytes: number; readonly why: string } | null = null;

  /** Starts reading the outputs. The file is appended to. */
  constructor(path: string, secrets: SecretRegistry, outputs: readonly [Readable, Readable]) {
    this.path = path;
    this.#secrets = secrets;
    this.#file = openSync(path, "a", OWNER_ONLY);
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
        if (this.#open === 0) this.#close();
        resolve();
      });
      output.once("error", () => output.destroy());
    });
  }

  // A full disk loses log lines; it must not end the runner, which has the lab to stop.
  #write(text: string): void {
    const bytes = Buffer.from(text);
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.#file, bytes, written);
    } catch (error) {
      const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
      this.#lost = { bytes: (this.#lost?.bytes ?? 0) + bytes.length - written, why };
    }
  }

  #close(): void {
    const lost = this.#lost;
    if (lost !== null) this.#write(`\n[kanit: ${lost.bytes} bytes of this log are missing: ${lost.why}]\n`);
    closeSync(this.#file);
  }
}
