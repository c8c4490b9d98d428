import { accessSync, constants, type Stats, statSync } from "node:fs";
import { UsageError } from "../core/index.ts";

/** The requirements for a file given on the command line. */
export interface InputFile {
  /** The option that names it: `--tape`. */
  readonly option: string;
  /** Its content, for the message: "a market recording". */
  readonly holds: string;
  /** Whether a folder of such files is allowed instead. */
  readonly mayBeFolder: boolean;
}

/**
 * Checks, before anything starts, that a path can be read to its end: not a pipe or device, which may never
 * end, and not a file of size 0, like all files in /proc.
 *
 * @throws UsageError `bad-input-file`
 */
export function checkInputFile(path: string, file: InputFile): void {
  const problem = problemOf(path, file);
  if (problem === undefined) return;
  throw new UsageError({
    code: "bad-input-file",
    message: `Expected ${file.holds} at ${path}, but ${problem}.`,
    nextStep: `Correct ${file.option}.`,
  });
}

function problemOf(path: string, { mayBeFolder }: InputFile): string | undefined {
  let stats: Stats;
  try {
    stats = statSync(path);
    accessSync(path, constants.R_OK);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    return code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
  }
  if (stats.isDirectory()) return mayBeFolder ? undefined : "it is a folder";
  if (!stats.isFile()) return "it is a pipe, a device or a socket";
  return stats.size === 0 ? "the file is empty" : undefined;
}
