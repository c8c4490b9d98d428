import { z } from "zod";
import { UnavailableError } from "../core/index.ts";
import { chunksOf, openRegularFile, UnreadableFile } from "./folder/open-file.ts";
import type { JournalHead, RunEnding } from "./journal.ts";
import { CLOSING_KIND } from "./journal.ts";
import { decodeLine, GENESIS_HASH, type JournalEntry } from "./journal-line.ts";

/** The result of verifying a journal. `lines` counts the good lines from the start. */
export type JournalVerification =
  | {
      readonly kind: "intact";
      readonly lines: number;
      readonly head: JournalHead | null;
      readonly end: JournalEnd;
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

/** How a journal ends. */
type JournalEnd =
  /** The run stated how it ended. */
  | { readonly kind: "stated"; readonly ending: RunEnding }
  /** It was closed by a kanit that stated less. */
  | { readonly kind: "other-version" }
  /** The run ended early, or continues, or whole lines at the end were removed. */
  | { readonly kind: "open" };

/** A part of the file between line feeds; the last one may have none. */
interface RawLine {
  readonly bytes: Buffer;
  readonly ended: boolean;
}

/** A line with the whole record of a scenario has some megabytes. */
const LONGEST_LINE_BYTES = 64 * 1024 * 1024;

const countShape = z.looseObject({ lines: z.int() });
const endingShape = z.strictObject({
  lines: z.int(),
  verdict: z.enum(["pass", "fail", "inconclusive"]).nullable(),
  manifest: z.string().nullable(),
  problems: z.array(z.string()),
});

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
    if (!raw.ended) return { kind: "torn", lines, head, tornBytes: raw.bytes.length };
    const checked = checkLine(raw.bytes, head);
    if ("expected" in checked) return { kind: "broken", lines, atLine: lines + 1, ...checked };
    const mismatch = checkEnd(last, checked, lines + 1);
    if (mismatch !== null) return { kind: "broken", lines, atLine: lines + 1, ...mismatch };
    last = checked;
    lines += 1;
  }
  return { kind: "intact", lines, head: headOf(last), end: endOf(last) };
}

function endOf(last: JournalEntry | null): JournalEnd {
  if (last?.kind !== CLOSING_KIND) return { kind: "open" };
  const parsed = endingShape.safeParse(last.data);
  if (!parsed.success) return { kind: "other-version" };
  const { verdict, manifest, problems } = parsed.data;
  return { kind: "stated", ending: { verdict, manifest, problems } };
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
    const checked = checkLine(raw.bytes, headOf(last));
    if ("expected" in checked) return;
    last = checked;
    yield checked;
  }
}

function checkLine(line: Buffer, head: JournalHead | null): JournalEntry | Mismatch {
  const sequence = (head?.sequence ?? -1) + 1;
  const decoded = decodeLine(line);
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
  const stated = countShape.safeParse(entry.data).data?.lines;
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
  let pendingBytes = 0;
  try {
    await using file = await openRegularFile(path);
    for await (const chunk of chunksOf(file)) {
      let rest: Buffer = chunk;
      for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
        const line = Buffer.concat([...pending, rest.subarray(0, end)]);
        yield { bytes: line, ended: true };
        pending = [];
        pendingBytes = 0;
        rest = rest.subarray(end + 1);
      }
      if (rest.length > 0) pending.push(rest);
      pendingBytes += rest.length;
      if (pendingBytes > LONGEST_LINE_BYTES) throw new UnreadableFile("has a line that never ends");
    }
  } catch (cause) {
    if (!(cause instanceof UnreadableFile)) throw cause;
    throw new UnavailableError({
      code: "journal-unreadable",
      message: `Expected a journal at ${path}, but it ${cause.message}.`,
      nextStep: "Check the path of the run's folder.",
      cause,
    });
  }
  const tail = Buffer.concat(pending);
  if (tail.length > 0) yield { bytes: tail, ended: false };
}
