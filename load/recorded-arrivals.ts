import { readFile } from "node:fs/promises";
import { UsageError } from "../core/index.ts";
import type { ArrivalPlan, ArrivalSpacing, RatePoint } from "./arrivals.ts";

/** The columns of the two kinds of recording, as in their header. */
const STARTS_HEADER = "at_ms";
const RATES_HEADER = "at_ms,rate_rps";

/** The arrivals of a recording. */
export type RecordedArrivals = Extract<ArrivalPlan, { kind: "rates" | "starts" }>;

/**
 * Reads a recording of arrivals from a file; `parseRecordedArrivals` describes its format.
 *
 * @throws UsageError `no-arrivals-file` when it cannot be read, `bad-arrivals-file` naming the invalid line.
 */
export async function readRecordedArrivals(path: string, spacing: ArrivalSpacing): Promise<RecordedArrivals> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new UsageError({
      code: "no-arrivals-file",
      message: `Expected recorded arrivals at ${path}, got: ${cause instanceof Error ? cause.message : String(cause)}.`,
      nextStep: "Correct the path; docs/load.md shows the format.",
      cause,
    });
  });
  return parseRecordedArrivals(text, spacing, path);
}

/**
 * Reads a recording: CSV with the header `at_ms` (each line is the planned start of one operation) or
 * `at_ms,rate_rps` (each line is the rate at a time; between two lines it changes linearly, two lines with
 * one time are a step, the first is at 0, the last ends the load). Times are milliseconds since the load's
 * start, ascending, fractions allowed. Blank lines and lines that begin with `#` are ignored. Starts keep
 * their recorded distances, so `spacing` applies only to rates.
 *
 * @throws UsageError `bad-arrivals-file` naming the invalid line.
 */
export function parseRecordedArrivals(text: string, spacing: ArrivalSpacing, name: string): RecordedArrivals {
  const [header, ...rows] = significantLines(text);
  const columns = header?.text.replaceAll(" ", "").toLowerCase();
  if (columns === STARTS_HEADER) return startsOf(rows, name);
  if (columns === RATES_HEADER) return ratesOf(rows, spacing, name);
  throw bad(name, header?.number ?? 1, `the header ${STARTS_HEADER} or ${RATES_HEADER}`, header?.text ?? "");
}

interface Line {
  /** From 1, as in editors. */
  readonly number: number;
  readonly text: string;
}

function significantLines(text: string): readonly Line[] {
  return text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line, index) => ({ number: index + 1, text: line.trim() }))
    .filter((line) => line.text !== "" && !line.text.startsWith("#"));
}

function startsOf(rows: readonly Line[], name: string): RecordedArrivals {
  const startsMs: number[] = [];
  for (const row of rows) {
    const [atMs = 0] = numbersOf(row, 1, name);
    checkAscends(row, atMs, startsMs.at(-1) ?? 0, name);
    startsMs.push(atMs);
  }
  const lastMs = startsMs.at(-1);
  if (lastMs === undefined) throw bad(name, 1, "at least one start", "none");
  // The first whole millisecond after the last start, since every start must be within the duration.
  return { kind: "starts", startsMs, durationMs: Math.floor(lastMs) + 1 };
}

function ratesOf(rows: readonly Line[], spacing: ArrivalSpacing, name: string): RecordedArrivals {
  const points: RatePoint[] = [];
  for (const row of rows) {
    const [atMs = 0, rateRps = 0] = numbersOf(row, 2, name);
    if (points.length === 0 && atMs !== 0) throw bad(name, row.number, "a rate at 0 ms first", row.text);
    checkAscends(row, atMs, points.at(-1)?.atMs ?? 0, name);
    points.push({ atMs, rateRps });
  }
  if ((points.at(-1)?.atMs ?? 0) === 0)
    throw bad(name, rows.at(-1)?.number ?? 1, "a rate after 0 ms", "none");
  return { kind: "rates", points, spacing };
}

function numbersOf(row: Line, count: number, name: string): readonly number[] {
  const cells = row.text.split(",").map((cell) => cell.trim());
  if (cells.length === count && cells.every((cell) => /^\d+(\.\d+)?$/.test(cell))) return cells.map(Number);
  throw bad(name, row.number, count === 1 ? "one number" : `${count} numbers with a comma`, row.text);
}

function checkAscends(row: Line, atMs: number, beforeMs: number, name: string): void {
  if (atMs < beforeMs) throw bad(name, row.number, `a time of ${beforeMs} ms or later`, row.text);
}

function bad(name: string, line: number, expected: string, came: string): UsageError {
  return new UsageError({
    code: "bad-arrivals-file",
    message: `Expected ${expected} in line ${line} of ${name}, got ${JSON.stringify(came)}.`,
    nextStep: "Correct that line; docs/load.md shows the format.",
  });
}
