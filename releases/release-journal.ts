import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import {
  decodeLine,
  encodeLine,
  GENESIS_HASH,
  type JournalEntry,
  type JournalHead,
  readWholeFile,
  shownPath,
  storageErrorOf,
  systemCodeOf,
  UnreadableFile,
  writeNew,
} from "../evidence/index.ts";
import { journalPath, LAYOUT } from "./layout.ts";
import {
  CREATED,
  type CreatedEntry,
  createdShape,
  FILED,
  type FiledEntry,
  filedShape,
  SEALED,
  type SealedEntry,
  sealedShape,
} from "./release-entry.ts";
import { broken, type ReleaseFinding } from "./release-finding.ts";

const LONGEST_LINE_BYTES = 64 * 1024 * 1024;
/** Others may file at the same time; each of them succeeds once. */
const MOST_TRIES = 1_000;

/** A filing and its place in the journal. */
export interface Filing extends FiledEntry {
  readonly sequence: number;
  readonly filedAt: string;
  readonly hash: string;
}

/** A seal and its place in the journal: right after the last line that it is about. */
export interface StatedSeal extends SealedEntry {
  readonly sequence: number;
  readonly at: string;
}

/** An archive's journal as it was read. */
export interface ReleaseJournal {
  /** Null when the first line does not say it. */
  readonly created: (CreatedEntry & { readonly at: string }) | null;
  readonly filings: readonly Filing[];
  readonly seals: readonly StatedSeal[];
  /** All lines' hashes, by their sequence. */
  readonly hashes: readonly string[];
  /** The last good line; null when there is none. */
  readonly head: JournalHead | null;
  readonly findings: readonly ReleaseFinding[];
}

/** Reads the journal of an archive up to its first bad line. */
export async function readReleaseJournal(folder: string): Promise<ReleaseJournal> {
  const names = await namesIn(join(folder, LAYOUT.journal));
  const findings: ReleaseFinding[] = [];
  const filings: Filing[] = [];
  const seals: StatedSeal[] = [];
  const hashes: string[] = [];
  let created: ReleaseJournal["created"] = null;
  for (let sequence = 0; names.has(nameOf(sequence)); sequence += 1) {
    const read = await readLine(folder, sequence, hashes.at(-1) ?? GENESIS_HASH);
    if ("why" in read) {
      findings.push(broken("chain", `${journalPath(sequence)}: ${read.why}`));
      break;
    }
    const { at, hash } = read.entry;
    hashes.push(hash);
    const content = contentOf(read.entry);
    if (content === null)
      findings.push(broken("chain", `${journalPath(sequence)}: is of no kind that an archive has`));
    else if (content.kind === CREATED) created = { ...content.data, at };
    else if (content.kind === FILED) filings.push({ ...content.data, sequence, filedAt: at, hash });
    else if (content.data.number === seals.length + 1) seals.push({ ...content.data, sequence, at });
    else
      findings.push(
        broken("chain", `${journalPath(sequence)}: states seal ${content.data.number} again or too early`),
      );
  }
  const head =
    hashes.length === 0 ? null : { sequence: hashes.length - 1, hash: hashes.at(-1) ?? GENESIS_HASH };
  findings.push(...strangers(names, hashes.length, findings.length > 0));
  return { created, filings, seals, hashes, head, findings };
}

/** What lies among the lines and is none. After a bad line the rest is not read, and nothing more is known of it. */
function strangers(names: ReadonlySet<string>, lines: number, isBroken: boolean): readonly ReleaseFinding[] {
  return [...names]
    .filter((name) => {
      if (/^\.[0-9a-f-]{36}\.tmp$/.test(name)) return false;
      const sequence = /^\d{6}\.json$/.test(name) ? Number(name.slice(0, 6)) : Number.NaN;
      return Number.isNaN(sequence) || (sequence >= lines && !isBroken);
    })
    .map((name) =>
      broken("chain", `${LAYOUT.journal}/${shownPath(name)}: does not follow the line before it`),
    );
}

function nameOf(sequence: number): string {
  return journalPath(sequence).slice(LAYOUT.journal.length + 1);
}

async function namesIn(folder: string): Promise<ReadonlySet<string>> {
  try {
    return new Set(await readdir(folder));
  } catch (cause) {
    if (systemCodeOf(cause) === "ENOENT" || systemCodeOf(cause) === "ENOTDIR") return new Set();
    throw storageErrorOf(folder, cause);
  }
}

type ReadLine = { readonly entry: JournalEntry } | { readonly why: string };

async function readLine(folder: string, sequence: number, previous: string): Promise<ReadLine> {
  let bytes: Buffer;
  try {
    bytes = await readWholeFile(join(folder, journalPath(sequence)), LONGEST_LINE_BYTES);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return { why: error.message };
  }
  if (bytes.indexOf(0x0a) !== bytes.length - 1) return { why: "is not one line" };
  const decoded = decodeLine(bytes.subarray(0, -1));
  if (decoded.kind === "unreadable") return { why: "is no line of a journal" };
  const { entry, actualHash } = decoded;
  if (entry.hash !== actualHash) return { why: "was changed: its hash is another" };
  if (entry.sequence !== sequence) return { why: `is line ${entry.sequence} of a journal` };
  if (entry.previous !== previous)
    return { why: "follows another line: it is of another journal, or was moved" };
  return { entry };
}

type LineContent =
  | { readonly kind: typeof CREATED; readonly data: CreatedEntry }
  | { readonly kind: typeof FILED; readonly data: FiledEntry }
  | { readonly kind: typeof SEALED; readonly data: SealedEntry };

const lineShape = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal(CREATED), data: createdShape }),
  z.object({ kind: z.literal(FILED), data: filedShape }),
  z.object({ kind: z.literal(SEALED), data: sealedShape }),
]);

function contentOf({ sequence, kind, data }: JournalEntry): LineContent | null {
  if ((sequence === 0) !== (kind === CREATED)) return null;
  return lineShape.safeParse({ kind, data }).data ?? null;
}

/**
 * Appends a line. Of those who do so at once each gets a place of its own, without a lock that somebody could leave.
 *
 * @param dataAfter Makes the line's content from the journal before it, each time that another was quicker.
 * @throws UnavailableError `disk-full` or `evidence-not-written`.
 */
export async function appendLine<Data>(
  folder: string,
  kind: string,
  atMs: number,
  dataAfter: (journal: ReleaseJournal) => Promise<Data>,
): Promise<{ readonly data: Data; readonly head: JournalHead }> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const journal = await readReleaseJournal(folder);
    const data = await dataAfter(journal);
    const sequence = journal.hashes.length;
    const { line, hash } = encodeLine({
      sequence,
      at: new Date(atMs).toISOString(),
      kind,
      data,
      previous: journal.head?.hash ?? GENESIS_HASH,
    });
    if (await writeNew(join(folder, journalPath(sequence)), `${line}\n`))
      return { data, head: { sequence, hash } };
  }
  throw storageErrorOf(join(folder, LAYOUT.journal), new Error("others were always quicker"));
}
