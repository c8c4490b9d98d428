import { KanitError, mergeVerdicts, type Verdict } from "../core/index.ts";
import type { Archive, FiledRecord, Journal, JournalHead } from "../evidence/index.ts";
import { type ReportPaths, writeReport } from "../reports/index.ts";
import { markedAsRebuilt, readJournaledRecord } from "./reconstruction/journaled-record.ts";

/** A finished run: its record, and where it was filed. */
export interface FiledRun<Filed extends FiledRecord> {
  /** Without secrets, since texts are truncated where they are displayed, and a part of a secret is not recognized. */
  readonly record: Filed;
  /** The record's verdict; a run whose evidence could not be filed never passes. */
  readonly verdict: Verdict;
  readonly folder: string;
  readonly paths: ReportPaths;
  /** The hash of the journal's last line, which stands for all of the evidence; null when there is no such line. */
  readonly head: string | null;
  /** Errors while filing the run or stopping its lab, one line each. */
  readonly problems: readonly string[];
}

/** Events of these kinds carry results: they are flushed to the disk at once. */
const FOUND = /\.ended$/;

/**
 * Files a run: each event in the journal as it happens, then the report, the manifest and the journal's end. Failures
 * are not thrown, since that would lose the run's results: the first one aborts `signal`, so that nothing more is
 * started without evidence, and all are returned as problems.
 */
export class RunFiling<Event extends { readonly kind: string }> implements Disposable {
  readonly #archive: Archive;
  readonly #journal: Journal;
  readonly #stop = new AbortController();
  readonly #problems: string[] = [];
  /** Those of the problems that make the evidence incomplete. */
  readonly #unfiled: string[] = [];
  #last: JournalHead | null = null;
  /** Aborted when the run is interrupted, and when its evidence cannot be written. */
  readonly signal: AbortSignal;

  constructor(archive: Archive, interruption: AbortSignal) {
    this.#archive = archive;
    this.#journal = archive.startJournal();
    this.signal = AbortSignal.any([interruption, this.#stop.signal]);
  }

  /** Files an event, unless an earlier one failed: a chain with a gap proves nothing. */
  append(event: Event): void {
    if (this.#stop.signal.aborted) return;
    this.#attempt(() => {
      this.#last = this.#journal.append(event.kind, event);
      if (FOUND.test(event.kind)) this.#journal.flush();
    });
  }

  /** Adds a problem that is not one of filing. */
  warn(problem: string): void {
    this.#problems.push(problem);
  }

  /**
   * Runs what produces the record, then files the report, the manifest and the journal's end, as far as possible.
   *
   * @throws what `carryOut` throws. What was found before is filed then too, from the journal; where nothing was, the
   *   journal ends with the error and without a verdict.
   */
  async file<Filed extends FiledRecord>(carryOut: () => Promise<Filed>): Promise<FiledRun<Filed>> {
    let record: Filed;
    try {
      record = await carryOut();
    } catch (error) {
      this.#attempt(() => this.#journal.append("run.broke-off", { error }));
      await this.#end(await this.#fileKnown());
      throw error;
    }
    const judgedAt = this.#stop.signal.aborted ? null : this.#last;
    const report = await this.#report(record, judgedAt);
    const head = await this.#end(record.verdict);
    return {
      ...report,
      verdict: this.#verdictOf(record.verdict),
      folder: this.#archive.folder,
      head,
      problems: this.#problems,
    };
  }

  /** Closes the journal of a run that was not filed. */
  [Symbol.dispose](): void {
    this.#attempt(() => this.#journal.close());
  }

  async #report<Filed extends FiledRecord>(
    given: Filed,
    judgedAt: JournalHead | null,
  ): Promise<Pick<FiledRun<Filed>, "record" | "paths">> {
    try {
      const { record, paths, errors } = await writeReport(given, this.#archive, judgedAt);
      for (const error of errors) this.#fail(error);
      return { record, paths };
    } catch (error) {
      this.#fail(error);
      return { record: given, paths: { html: null, json: null, summary: null } };
    }
  }

  /** Files what the journal has of a run that broke off. Returns its verdict; null when nothing was found. */
  async #fileKnown(): Promise<Verdict | null> {
    this.#attempt(() => this.#journal.flush());
    try {
      const journaled = await readJournaledRecord(this.#archive.folder);
      if (journaled.kind === "not-begun") return null;
      return (await this.#report(markedAsRebuilt(journaled), this.#last)).record.verdict;
    } catch (error) {
      this.#fail(error);
      return null;
    }
  }

  /** The manifest, then the journal's last line. Returns its hash. */
  async #end(verdict: Verdict | null): Promise<string | null> {
    let manifest: string | null = null;
    try {
      manifest = await this.#archive.writeManifest();
    } catch (error) {
      this.#fail(error);
    }
    const head = this.#attempt(() => {
      const stated = verdict === null ? null : this.#verdictOf(verdict);
      return this.#journal.end({ verdict: stated, manifest, problems: this.#unfiled });
    });
    this[Symbol.dispose]();
    return head?.hash ?? null;
  }

  #verdictOf(verdict: Verdict): Verdict {
    return this.#stop.signal.aborted ? mergeVerdicts([verdict, "inconclusive"]) : verdict;
  }

  #attempt<Result>(step: () => Result): Result | null {
    try {
      return step();
    } catch (error) {
      this.#fail(error);
      return null;
    }
  }

  #fail(error: unknown): void {
    const problem =
      error instanceof KanitError
        ? `${error.message} ${error.nextStep}`
        : `Expected to file the run, got ${String(error)}.`;
    this.#stop.abort(error);
    // A journal that has failed throws the same error again when it is closed.
    if (this.#unfiled.includes(problem)) return;
    this.#unfiled.push(problem);
    this.#problems.push(problem);
  }
}
