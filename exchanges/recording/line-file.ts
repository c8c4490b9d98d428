import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { UnavailableError, UsageError } from "../../core/index.ts";

/** A text file that is written line by line. */
export interface LineFile {
  readonly path: string;
  readonly lines: number;
  write(line: string): void;
  /**
   * Resolves when everything is on disk.
   *
   * @throws UnavailableError `recording-not-written` when it is not: the disk may be full.
   */
  close(): Promise<void>;
}

/**
 * Opens a new file, compressed when its name ends in `.gz`.
 *
 * @throws UsageError `recording-exists` when there is one already, which must not be overwritten;
 *   `bad-recording-folder` when the folder cannot be written.
 */
export async function openLineFile(path: string, filter: (text: string) => string): Promise<LineFile> {
  const file = await openNew(path);
  const packing = path.endsWith(".gz") ? createGzip() : undefined;
  packing?.pipe(file);
  const sink = packing ?? file;
  let lines = 0;
  let failure: unknown = null;
  const fail = (error: unknown): void => {
    failure ??= error;
  };
  for (const stream of [file, sink]) stream.on("error", fail);
  return {
    path,
    get lines() {
      return lines;
    },
    write(line) {
      if (failure === null) sink.write(`${filter(line)}\n`);
      lines += 1;
    },
    async close() {
      sink.end();
      await finished(file).catch(fail);
      if (failure !== null) throw notWritten(path, failure);
    },
  };
}

async function openNew(path: string): Promise<WriteStream> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = createWriteStream(path, { flags: "wx" });
    await once(file, "open");
    return file;
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    const isThere = reason === "EEXIST";
    throw new UsageError({
      code: isThere ? "recording-exists" : "bad-recording-folder",
      message: `Expected to write a new recording to ${path}, but ${isThere ? "there is one" : `got ${reason}`}.`,
      nextStep: "Name another folder: --out.",
      cause,
    });
  }
}

function notWritten(path: string, cause: unknown): UnavailableError {
  const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  return new UnavailableError({
    code: "recording-not-written",
    message: `Expected to write the whole recording to ${path}, but got ${reason}.`,
    nextStep: "Free some space or name another folder, and record again: the file is incomplete.",
    cause,
  });
}
