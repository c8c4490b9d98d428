import { closeSync, openSync, writeSync } from "node:fs";
import type { Readable } from "node:stream";
import { SecretRegistry, SecretStream } from "../../core/index.ts";

/** A driver that writes more than this has gone astray, and reading it would delay the load. */
const MOST_BYTES = 16 * 1024 * 1024;
const TAIL_CHARS = 4_096;
const LAST_LINES = 3;
const LINE_LENGTH_LIMIT = 200;
/** The filter for secrets may miss one. */
const OWNER_ONLY = 0o600;

/** What a driver writes to its standard error: kept in a file, without secrets, up to a limit. */
export class DriverLog {
  readonly #file: number | null;
  readonly #filtered: SecretStream;
  #bytes = 0;
  #tail = "";
  #lost: string | null = null;

  /** @param onFlood called when it has written more than it may; nothing is read after that. */
  constructor(output: Readable, path: string | null, secrets: readonly string[], onFlood: () => void) {
    this.#file = path === null ? null : openSync(path, "a", OWNER_ONLY);
    this.#filtered = new SecretStream(SecretRegistry.of(...secrets));
    output.setEncoding("utf8");
    output.on("data", (text: string) => {
      this.#bytes += Buffer.byteLength(text);
      if (this.#bytes <= MOST_BYTES) this.#keep(this.#filtered.push(text));
      else {
        output.destroy();
        onFlood();
      }
    });
    output.once("error", () => output.destroy());
    output.once("close", () => this.#close());
  }

  /** Its last lines, in one. */
  get lastWords(): string {
    const lines = this.#tail.split("\n").filter((line) => line.trim() !== "");
    return lines
      .slice(-LAST_LINES)
      .map((line) => line.trim().slice(0, LINE_LENGTH_LIMIT))
      .join(" | ");
  }

  // A full disk loses lines of the log; it must not end the load.
  #keep(text: string): void {
    this.#tail = `${this.#tail}${text}`.slice(-TAIL_CHARS);
    if (this.#file === null || this.#lost !== null) return;
    const bytes = Buffer.from(text);
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.#file, bytes, written);
    } catch (error) {
      this.#lost = error instanceof Error && "code" in error ? String(error.code) : String(error);
      this.#tail = `${this.#tail}\n[kanit: the rest of this log is missing: ${this.#lost}]`;
    }
  }

  #close(): void {
    this.#keep(this.#filtered.end());
    if (this.#file !== null) closeSync(this.#file);
  }
}
