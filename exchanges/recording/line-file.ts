import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { UsageError } from "../../core/index.ts";

/** A text file that is written line by line. */
export interface LineFile {
  readonly path: string;
  readonly lines: number;
  write(line: string): void;
  /** Resolves when everything is on the disk. */
  close(): Promise<void>;
}

/**
 * Opens a new file, packed when its name ends in `.gz`.
 *
 * @throws UsageError `recording-exists` when there is one already: a recording is not to be lost by a second one.
 */
export async function openLineFile(path: string): Promise<LineFile> {
  await mkdir(dirname(path), { recursive: true });
  const file = createWriteStream(path, { flags: "wx" });
  await new Promise<void>((resolve, reject) => {
    file.once("open", () => resolve());
    file.once("error", (cause: NodeJS.ErrnoException) => {
      if (cause.code !== "EEXIST") return reject(cause);
      return reject(
        new UsageError({
          code: "recording-exists",
          message: `Expected to write a new recording to ${path}, but there is one.`,
          nextStep: "Name another folder: --out.",
          cause,
        }),
      );
    });
  });
  const packing = path.endsWith(".gz") ? createGzip() : undefined;
  packing?.pipe(file);
  const sink = packing ?? file;
  let lines = 0;
  return {
    path,
    get lines() {
      return lines;
    },
    write(line) {
      sink.write(`${line}\n`);
      lines += 1;
    },
    async close() {
      sink.end();
      await finished(file);
    },
  };
}
