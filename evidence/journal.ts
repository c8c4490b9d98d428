import { closeSync, fstatSync, fsyncSync, ftruncateSync, lstatSync, openSync, writeSync } from "node:fs";
import { type Clock, type KanitError, UnavailableError, UsageError, type Verdict } from "../core/index.ts";
import { encodeLine, GENESIS_HASH, KIND_PATTERN } from "./journal-line.ts";
import type { Redact } from "./redaction.ts";
import { storageErrorOf, systemCodeOf } from "./storage-error.ts";

/** The kind of the line that `end` writes. A journal without it, or its run, was cut short. */
export const CLOSING_KIND = "journal.closed";

/** What the last line of a journal states about the run. */
export interface RunEnding {
  /** With which the run ended; null when it ended before anything was judged. */
  readonly verdict: Verdict | null;
  /** The SHA-256 of the manifest, which states all else in the folder; null when it could not be written. */
  readonly manifest: string | null;
  /** What could not be filed, one line each. */
  readonly problems: readonly string[];
}

export interface JournalOptions {
  readonly path: string;
  readonly clock: Pick<Clock, "nowMs">;
  /** Applied to every `data` before it is hashed and written. */
  readonly redact: Redact;
}

/** The last line of a journal, with which it can be proved later that nothing was removed from its end. */
export interface JournalHead {
  readonly sequence: number;
  readonly hash: string;
}

/**
 * The append-only, hash-chained record of a run, one JSON object per line (`encodeLine` has the rule).
 * `append` returns once the operating system has the line: a SIGKILL afterwards loses nothing; one during it
 * leaves a torn last line, which `verifyJournal` reports and readers skip. `close` also flushes to the disk.
 */
export interface Journal extends Disposable {
  readonly path: string;
  /**
   * Files one event.
   *
   * @throws UnavailableError `disk-full` or `evidence-not-written`; the file then ends with the line before,
   *   and every later call throws the same error, because a chain with a gap proves nothing.
   * @throws UsageError `bad-journal-kind`, or `evidence-cyclic` for data that is not plain.
   */
  append(kind: string, data: unknown): JournalHead;
  /** Makes the disk have all that was filed, so that it survives the machine's end as well. */
  flush(): void;
  /**
   * Files how the run ended, flushes and closes. Returns the last line, whose hash stands for the whole run.
   *
   * @throws as `append`, and UnavailableError `evidence-removed` when the file is no longer at its path.
   */
  end(ending: RunEnding): JournalHead;
  /** Closes the file of a run that did not come to its end. Does nothing when it is closed. */
  close(): void;
}

/**
 * Starts the journal of a run. The file must not exist: a journal belongs to one run.
 *
 * @throws UsageError `journal-exists`.
 * @throws UnavailableError when the file cannot be created.
 */
export function createJournal(options: JournalOptions): Journal {
  return journalOn(openNew(options.path), options);
}

/** The journal on an open file; separate from `createJournal`, so that a test can pass a full device. */
export function journalOn(file: number, { path, clock, redact }: JournalOptions): Journal {
  let head: JournalHead = { sequence: -1, hash: GENESIS_HASH };
  let sizeBytes = 0;
  let state: "open" | "closed" | KanitError = "open";

  const append = (kind: string, data: unknown): JournalHead => {
    if (state !== "open") throw state === "closed" ? closedError(path) : state;
    if (!KIND_PATTERN.test(kind)) throw kindError(kind);
    const sequence = head.sequence + 1;
    const at = new Date(clock.nowMs()).toISOString();
    const { line, hash } = encodeLine({ sequence, at, kind, data: redact(data), previous: head.hash });
    try {
      sizeBytes += writeWhole(file, `${line}\n`);
    } catch (cause) {
      state = storageErrorOf(path, cause);
      cutBack(file, sizeBytes);
      throw state;
    }
    head = { sequence, hash };
    return head;
  };

  const flush = (): void => {
    if (state === "open") fsyncSync(file);
  };
  const close = (): void => {
    if (state === "closed") return;
    state = "closed";
    closeSync(file);
  };
  const end = (ending: RunEnding): JournalHead => {
    const last = append(CLOSING_KIND, { lines: head.sequence + 2, ...ending });
    flush();
    checkPlace(file, path);
    close();
    return last;
  };
  return { path, append, flush, end, close, [Symbol.dispose]: close };
}

/** What is written to a file that was removed is lost without an error. */
function checkPlace(file: number, path: string): void {
  const written = fstatSync(file);
  const placed = lstatSync(path, { throwIfNoEntry: false });
  if (placed !== undefined && placed.ino === written.ino && placed.dev === written.dev) return;
  throw new UnavailableError({
    code: "evidence-removed",
    message: `Expected the run's journal at ${path}, but it was removed or replaced while the run went on.`,
    nextStep: "Do not change a run's folder before the run has ended. Run it again.",
  });
}

function openNew(path: string): number {
  try {
    // Exclusive and in append mode: an existing journal is never overwritten, a written line never moved.
    return openSync(path, "ax", 0o600);
  } catch (cause) {
    if (systemCodeOf(cause) !== "EEXIST") throw storageErrorOf(path, cause);
    throw new UsageError({
      code: "journal-exists",
      message: `Expected to start a new journal at ${path}, but the file exists.`,
      nextStep: "Choose an unused id for the run.",
      cause,
    });
  }
}

function writeWhole(file: number, text: string): number {
  const bytes = Buffer.from(text, "utf8");
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
  return bytes.length;
}

function cutBack(file: number, sizeBytes: number): void {
  try {
    ftruncateSync(file, sizeBytes);
  } catch (cause) {
    // A device cannot be truncated. A torn end remains, which verification reports.
    if (systemCodeOf(cause) !== "EINVAL") throw storageErrorOf("the journal", cause);
  }
}

function closedError(path: string): KanitError {
  return new UsageError({
    code: "journal-closed",
    message: `Expected an open journal, got ${path}, which is closed.`,
    nextStep: "Write all entries before the journal is closed.",
  });
}

function kindError(kind: string): KanitError {
  return new UsageError({
    code: "bad-journal-kind",
    message: `Expected a kind such as fault.injected, got ${JSON.stringify(kind)}.`,
    nextStep: "Use lower-case words joined by dots and hyphens.",
  });
}
