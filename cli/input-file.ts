import { accessSync, constants, readdirSync, type Stats, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { UsageError } from "../core/index.ts";
import { readWholeFile, UnreadableFile } from "../evidence/index.ts";

/** The requirements for a kind of file given on the command line. */
interface InputFile {
  /** The option that names it: `--tape`. */
  readonly option: string;
  /** Its content, for the message: "a market recording". */
  readonly holds: string;
  /** Whether a folder of such files is allowed instead. */
  readonly mayBeFolder: boolean;
  /** The largest size; for a folder, of all its files together. */
  readonly maxMib: number;
}

/** All kinds of files that can be given on the command line. Files are read into memory, so each kind has a limit. */
export const INPUT_FILES = {
  platform: { option: "--platform", holds: "a platform definition", mayBeFolder: false, maxMib: 1 },
  canary: { option: "--canary-file", holds: "the plan of a canary", mayBeFolder: false, maxMib: 1 },
  release: { option: "--release-file", holds: "a release definition", mayBeFolder: false, maxMib: 1 },
  rules: { option: "--rules", holds: "Prometheus rules", mayBeFolder: false, maxMib: 8 },
  components: { option: "--before", holds: "a bill of materials", mayBeFolder: false, maxMib: 64 },
  arrivals: { option: "--arrivals", holds: "recorded arrivals", mayBeFolder: false, maxMib: 64 },
  tape: {
    option: "--tape or KANIT_TAPE, or use --tape synthetic",
    holds: "a market recording",
    mayBeFolder: true,
    maxMib: 2_048,
  },
} as const satisfies Readonly<Record<string, InputFile>>;

const MIB = 1_024 * 1_024;

/**
 * Checks, before anything starts, that a path can be read to its end: not a pipe or device, which may never
 * end, not a file of size 0, like all files in /proc, and not a file that is too large for its kind.
 *
 * @throws UsageError `bad-input-file`
 */
export function checkInputFile(path: string, kind: keyof typeof INPUT_FILES): void {
  const file: InputFile = INPUT_FILES[kind];
  const problem = problemOf(path, file);
  if (problem === undefined) return;
  throw new UsageError({
    code: "bad-input-file",
    message: `Expected ${file.holds} at ${path}, but ${problem}.`,
    nextStep: `Correct ${file.option}.`,
  });
}

/**
 * The content of a file that has to be in memory as a whole, and of which `checkInputFile` has no kind.
 *
 * @throws UsageError `bad-input-file` also for one that is larger than `limitBytes`.
 */
export async function readInputText(path: string, limitBytes: number): Promise<string> {
  try {
    return (await readWholeFile(resolve(path), limitBytes)).toString("utf8");
  } catch (cause) {
    if (!(cause instanceof UnreadableFile)) throw cause;
    throw new UsageError({
      code: "bad-input-file",
      message: `Expected a file at ${path}, but it ${cause.message}.`,
      nextStep: "Correct the path.",
      cause,
    });
  }
}

/**
 * Reads a JSON file of a kind, and what `read` makes of it.
 *
 * @throws UsageError `bad-input-file` for one that cannot be read, is no JSON, or is refused by `read`.
 */
export async function readInputJson<T>(
  path: string,
  kind: keyof typeof INPUT_FILES,
  read: (data: unknown) => T,
): Promise<T> {
  checkInputFile(path, kind);
  const { holds, maxMib, option } = INPUT_FILES[kind];
  const text = await readInputText(path, maxMib * MIB);
  try {
    return read(JSON.parse(text));
  } catch (cause) {
    throw new UsageError({
      code: "bad-input-file",
      message: `Expected ${holds} as JSON at ${path}, got something else.`,
      nextStep: `Correct ${option}.`,
      cause,
    });
  }
}

function problemOf(path: string, { mayBeFolder, maxMib }: InputFile): string | undefined {
  let stats: Stats;
  let bytes: number;
  try {
    stats = statSync(path);
    accessSync(path, constants.R_OK);
    bytes = stats.isDirectory() && mayBeFolder ? bytesWithin(path) : stats.size;
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    return code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
  }
  if (stats.isDirectory() && !mayBeFolder) return "it is a folder";
  if (!stats.isDirectory() && !stats.isFile()) return "it is a pipe, a device or a socket";
  if (stats.isFile() && bytes === 0) return "the file is empty";
  if (bytes <= maxMib * MIB) return undefined;
  return `it has ${Math.ceil(bytes / MIB)} MiB, and at most ${maxMib} MiB are read`;
}

function bytesWithin(folder: string): number {
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
  return sizes.reduce((sum, size) => sum + size, 0);
}
