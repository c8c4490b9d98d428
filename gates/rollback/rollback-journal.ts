import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, formatDuration, RefusedError, UnavailableError } from "../../core/index.ts";
import {
  decodeLine,
  encodeLine,
  FOLDER_MODE,
  GENESIS_HASH,
  readWholeFile,
  storageErrorOf,
  systemCodeOf,
  UnreadableFile,
  writeNew,
} from "../../evidence/index.ts";
import { entryShape, type Holder, type RollbackEntry, type TimedEntry } from "./rollback-entry.ts";
import { type Claim, claimIn, newestRollback, type RollbackState } from "./rollback-state.ts";

const NAME_DIGITS = 6;
const LONGEST_LINE_BYTES = 1024 * 1024;
/** Whether a process on another machine still runs cannot be asked: after this long without a line, it does not. */
const SILENT_MS = 600_000;
/** Others may claim at the same time; each of them succeeds or is refused. */
const MOST_TRIES = 100;

/** What the journal needs to know who writes it. */
export interface JournalOptions {
  /** The folder of the release's rollbacks: `out/.rollbacks/v1.4.0`. */
  readonly folder: string;
  readonly holder: Holder;
  /** Whether a process of this machine still runs. */
  readonly isAlive: (holder: Holder) => Promise<boolean>;
  readonly clock: Clock;
}

/**
 * The journal of a release's rollbacks, and the lock on them: one file for each line, hash-chained, each created once.
 * Whoever wrote the newest claim holds the rollbacks. A process that was killed holds nothing, since its claim is
 * followed by another; and had it only slept, its next line finds its place taken, so that two never act at once.
 */
export class RollbackJournal {
  readonly #options: JournalOptions;
  readonly #entries: TimedEntry[];
  #head: string;

  private constructor(options: JournalOptions, read: ReadJournal) {
    this.#options = options;
    this.#entries = [...read.entries];
    this.#head = read.head;
  }

  /**
   * Claims the rollbacks of a release.
   *
   * @throws RefusedError `rollback-held` while another process carries one out.
   * @throws UnavailableError `rollback-journal-broken`, or when it cannot be written.
   */
  static async claim(options: JournalOptions): Promise<RollbackJournal> {
    const { folder, holder, clock } = options;
    await makeFolder(folder);
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const read = await readRollbackJournal(folder);
      const claim = claimIn(read.entries);
      if (claim !== null && (await isHeld(claim, options))) throw held(claim, read, clock);
      const journal = new RollbackJournal(options, read);
      if (await journal.#append({ kind: "rollback.claimed", data: holder })) return journal;
    }
    throw storageErrorOf(folder, new Error("others were always quicker"));
  }

  /** The newest rollback; null where none was asked for. */
  get state(): RollbackState | null {
    return newestRollback(this.#entries);
  }

  /** All lines so far. */
  get entries(): readonly TimedEntry[] {
    return this.#entries;
  }

  /**
   * Writes a line, which is on the disk when this resolves.
   *
   * @throws RefusedError `rollback-taken-over` when another process took the rollback over meanwhile.
   */
  async note(entry: RollbackEntry): Promise<void> {
    if (await this.#append(entry)) return;
    throw new RefusedError({
      code: "rollback-taken-over",
      message: `Expected to hold the rollback in ${this.#options.folder}, but another process has taken it over.`,
      nextStep: "Let that one end it; the same command says who holds it.",
    });
  }

  /** Lets others claim the rollbacks. */
  release(): Promise<void> {
    return this.note({ kind: "rollback.released", data: {} });
  }

  async #append(entry: RollbackEntry): Promise<boolean> {
    const { folder, clock } = this.#options;
    const sequence = this.#entries.length;
    const atMs = clock.nowMs();
    const { line, hash } = encodeLine({
      sequence,
      at: new Date(atMs).toISOString(),
      kind: entry.kind,
      data: entry.data,
      previous: this.#head,
    });
    if (!(await writeNew(join(folder, nameOf(sequence)), `${line}\n`))) return false;
    this.#entries.push({ ...entry, atMs });
    this.#head = hash;
    return true;
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  } catch (cause) {
    throw storageErrorOf(folder, cause);
  }
}

async function isHeld({ holder, lastMs }: Claim, options: JournalOptions): Promise<boolean> {
  if (holder.host !== options.holder.host) return options.clock.nowMs() - lastMs < SILENT_MS;
  return options.isAlive(holder);
}

function held({ holder, sinceMs }: Claim, { entries }: ReadJournal, clock: Clock): RefusedError {
  const { user, pid, host } = holder;
  const since = formatDuration(Math.max(0, clock.nowMs() - sinceMs));
  const request = newestRollback(entries)?.request;
  const why = request === undefined ? "" : ` (${request.reason}, at ${request.stage} %)`;
  return new RefusedError({
    code: "rollback-held",
    message: `Expected to roll back alone, but ${user} does so on ${host}, process ${pid}, for ${since}${why}.`,
    nextStep: "Let it end. When that process is killed, the same command continues where it was.",
  });
}

/** A journal as it was read. */
interface ReadJournal {
  readonly entries: readonly TimedEntry[];
  /** The hash of the last line. */
  readonly head: string;
}

/** @throws UnavailableError `rollback-journal-broken` for a line that nobody of us wrote. */
export async function readRollbackJournal(folder: string): Promise<ReadJournal> {
  const entries: TimedEntry[] = [];
  let head = GENESIS_HASH;
  for (;;) {
    const name = nameOf(entries.length);
    const bytes = await readLine(folder, name);
    if (bytes === null) return { entries, head };
    const decoded = decodeLine(bytes.subarray(0, -1));
    if (decoded.kind === "unreadable") throw broken(folder, name);
    const { entry, actualHash } = decoded;
    const known = entryShape.safeParse({ kind: entry.kind, data: entry.data });
    const follows = entry.hash === actualHash && entry.previous === head;
    if (!known.success || !follows) throw broken(folder, name);
    entries.push({ ...known.data, atMs: Date.parse(entry.at) });
    head = entry.hash;
  }
}

async function readLine(folder: string, name: string): Promise<Buffer | null> {
  try {
    return await readWholeFile(join(folder, name), LONGEST_LINE_BYTES);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    if (systemCodeOf(error.cause) === "ENOENT") return null;
    throw broken(folder, name);
  }
}

function nameOf(sequence: number): string {
  return `${String(sequence).padStart(NAME_DIGITS, "0")}.json`;
}

function broken(folder: string, name: string): UnavailableError {
  return new UnavailableError({
    code: "rollback-journal-broken",
    message: `Expected ${join(folder, name)} to follow the line before it, but it was changed or is of another journal.`,
    nextStep: `Move the folder away and type the command again: mv ${folder} ${folder}.broken`,
  });
}
