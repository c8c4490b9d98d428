import { open, readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ReadPart } from "./read-part.ts";

/** The end of a log is what belongs to the stage. */
const LONGEST_BYTES = 64 * 1024;
const SHOWN_LINES = 40;
const ERROR_LEVEL = 50;
const FATAL_LEVEL = 60;
const FATAL_WORDS = /\b(?:fatal|panic|uncaught|unhandled rejection|out of memory)\b/i;
const ERROR_WORDS = /\berror\b/i;

/** What a person would paste to read the same. */
export const LOGS_COMMAND = "tail -c 65536 <log>";

/**
 * Reads the end of each log: how many lines are errors, and the last ones. A fatal line is a problem, since a process
 * ended with it.
 *
 * @param paths Files, and folders of `*.log`.
 */
export async function readLogs(paths: readonly string[]): Promise<ReadPart> {
  const files = (await Promise.all(paths.map(filesAt))).flat();
  const parts = await Promise.all(files.map(readLog));
  const none = files.length === 0 ? ["logs: there is no file"] : [];
  return {
    body: parts.map(({ body }) => body).join("\n"),
    problems: parts.flatMap(({ problems }) => problems),
    missing: [...parts.flatMap(({ missing }) => missing), ...none],
  };
}

async function filesAt(path: string): Promise<readonly string[]> {
  if (!(await stat(path).catch(() => null))?.isDirectory()) return [path];
  const names = await readdir(path);
  return names
    .filter((name) => name.endsWith(".log"))
    .sort()
    .map((name) => join(path, name));
}

async function readLog(path: string): Promise<ReadPart> {
  const name = basename(path);
  try {
    return logPart(name, await endOf(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { body: "", problems: [], missing: [`log ${name}: ${reason}`] };
  }
}

/** What the end of one log says. */
export function logPart(name: string, text: string): ReadPart {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const levels = lines.map(levelOf);
  const errors = lines.filter((_, index) => (levels[index] ?? 0) >= ERROR_LEVEL);
  const fatal = lines.filter((_, index) => (levels[index] ?? 0) >= FATAL_LEVEL);
  const shown = [...new Set([...errors.slice(-SHOWN_LINES / 2), ...lines.slice(-SHOWN_LINES)])];
  return {
    body: [
      `# ${name}: ${lines.length} lines, ${errors.length} errors, ${fatal.length} fatal`,
      ...shown,
      "",
    ].join("\n"),
    problems:
      fatal.length === 0 ? [] : [`${name}: ${fatal.length} fatal lines, the last: ${fatal.at(-1) ?? ""}`],
    missing: [],
  };
}

/** By the level of a JSON line as pino and bunyan write it, else by its words. */
function levelOf(line: string): number {
  const level = /^\{.*?"level":\s*(?:(\d+)|"(\w+)")/.exec(line);
  if (level?.[1] !== undefined) return Number(level[1]);
  const said = level?.[2] ?? line;
  if (FATAL_WORDS.test(said)) return FATAL_LEVEL;
  return ERROR_WORDS.test(said) ? ERROR_LEVEL : 0;
}

async function endOf(path: string): Promise<string> {
  await using file = await open(path, "r");
  const { size } = await file.stat();
  const from = Math.max(0, size - LONGEST_BYTES);
  const bytes = Buffer.alloc(size - from);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
  const text = bytes.toString("utf8", 0, bytesRead);
  // The first line of a cut log lacks its beginning.
  return from === 0 ? text : text.slice(text.indexOf("\n") + 1);
}
