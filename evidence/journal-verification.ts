import { createReadStream } from "node:fs";
import { z } from "zod";
import { UnavailableError } from "../core/index.ts";
import type { JournalHead } from "./journal.ts";
import { CLOSING_KIND } from "./journal.ts";
import { decodeLine, GENESIS_HASH, type JournalEntry } from "./journal-line.ts";

/** The result of verifying a journal. `lines` counts the good lines from the start. */
export type JournalVerification =
  | {
      readonly kind: "intact";
      readonly lines: number;
      readonly head: JournalHead | null;
      /** Whether the run closed it. `false`: the run ended early, or whole lines at the end were removed. */
      readonly closed: boolean;
    }
  | {
      /** The run was killed while it wrote: the lines before the torn one are good. */
      readonly kind: "torn";
      readonly lines: number;
      readonly head: JournalHead | null;
      readonly tornBytes: number;
    }
  | {
      readonly kind: "broken";
      readonly lines: number;
      /** The first invalid line, counted from 1 as in editors. */
      readonly atLine: number;
      readonly expected: string;
      readonly received: string;
    };

/** A part of the file between line feeds; the last one may have none. */
interface RawLine {
  readonly text: string;
  readonly bytes: number;
  readonly ended: boolean;
}

const closingShape = z.looseObject({ lines: z.int() });

interface Mismatch {
  readonly expected: string;
  readonly received: string;
}

/**
 * Checks every line of a journal: its shape, its place, its link to the line before and its hash. Reads it as
 * a stream, so its size does not matter.
 *
 * @throws UnavailableError `journal-unreadable` when the file cannot be read at all.
 */
export async function verifyJournal(path: string): Promise<JournalVerification> {
  let last: JournalEntry | null = null;
  let lines = 0;
  for await (const raw of rawLines(path)) {
    const head = headOf(last);
    if (!raw.ended) return { kind: "torn", lines, head, tornBytes: raw.bytes };
    const checked = checkLine(raw.text, head);
    if ("expected" in checked) return { kind: "broken", lines, atLine: lines + 1, ...checked };
    const mismatch = checkEnd(last, checked, lines + 1);
    if (mismatch !== null) return { kind: "broken", lines, atLine: lines + 1, ...mismatch };
    last = checked;
    lines += 1;
  }
  return { kind: "intact", lines, head: headOf(last), closed: last?.kind === CLOSING_KIND };
}

/**
 * Reads the valid entries of a journal in order: it ends before a torn last line and before the first broken
 * one. Call `verifyJournal` to learn which it was.
 *
 * @throws UnavailableError `journal-unreadable` when the file cannot be read at all.
 */
export async function* readJournal(path: string): AsyncGenerator<JournalEntry> {
  let last: JournalEntry | null = null;
  for await (const raw of rawLines(path)) {
    if (!raw.ended) return;
    const checked = checkLine(raw.text, headOf(last));
    if ("expected" in checked) return;
    last = checked;
    yield checked;
  }
}

function checkLine(text: string, head: JournalHead | null): JournalEntry | Mismatch {
  const sequence = (head?.sequence ?? -1) + 1;
  const decoded = decodeLine(text);
  if (decoded.kind === "unreadable") {
    return { expected: `the journal line with sequence ${sequence}`, received: decoded.received };
  }
  const { entry, actualHash } = decoded;
  const previous = head?.hash ?? GENESIS_HASH;
  if (entry.sequence !== sequence) {
    return { expected: `sequence ${sequence}`, received: `sequence ${entry.sequence}` };
  }
  if (entry.previous !== previous) {
    return { expected: `previous ${previous}`, received: `previous ${entry.previous}` };
  }
  if (entry.hash !== actualHash) {
    return { expected: `hash ${actualHash} (of the line's bytes)`, received: `hash ${entry.hash}` };
  }
  return entry;
}

/**
 * The closing line states the number of lines, and nothing follows it, which reveals a
 * chain that was created again.
 */
function checkEnd(before: JournalEntry | null, entry: JournalEntry, lines: number): Mismatch | null {
  if (before?.kind === CLOSING_KIND)
    return { expected: `nothing after ${CLOSING_KIND}`, received: entry.kind };
  if (entry.kind !== CLOSING_KIND) return null;
  const stated = closingShape.safeParse(entry.data).data?.lines;
  if (stated === lines) return null;
  return {
    expected: `${CLOSING_KIND} of ${lines} lines`,
    received: `${CLOSING_KIND} of ${stated ?? "no"} lines`,
  };
}

function headOf(entry: JournalEntry | null): JournalHead | null {
  return entry === null ? null : { sequence: entry.sequence, hash: entry.hash };
}

async function* rawLines(path: string): AsyncGenerator<RawLine> {
  let pending: Buffer[] = [];
  try {
    for await (const chunk of createReadStream(path)) {
      let rest: Buffer = chunk;
      for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
        const line = Buffer.concat([...pending, rest.subarray(0, end)]);
        yield { text: line.toString("utf8"), bytes: line.length, ended: true };
        pending = [];
        rest = rest.subarray(end + 1);
      }
      if (rest.length > 0) pending.push(rest);
    }
  } catch (cause) {
    throw new UnavailableError({
      code: "journal-unreadable",
      message: `Expected a readable journal at ${path}, got ${cause instanceof Error ? cause.message : cause}.`,
      nextStep: "Check the path of the run's folder.",
      cause,
    });
  }
  const tail = Buffer.concat(pending);
  if (tail.length > 0) yield { text: tail.toString("utf8"), bytes: tail.length, ended: false };
}
