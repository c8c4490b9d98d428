import { KanitError, mergeVerdicts, type Verdict } from "../core/index.ts";
import type { Archive, FiledRecord, Journal } from "../evidence/index.ts";
import type { ReportPaths } from "../reports/index.ts";

/** A finished run: its record, and where it was filed. */
export interface FiledRun<Filed extends FiledRecord> {
  readonly record: Filed;
  /** The record's verdict; a run whose evidence could not be filed never passes. */
  readonly verdict: Verdict;
  /** Null when the report could not be written. */
  readonly paths: ReportPaths | null;
  /** Errors while filing the run or stopping its lab, one line each. */
  readonly problems: readonly string[];
}

/**
 * Files a run: each event in the journal as it happens, then the report and the manifest. Failures are not
 * thrown, since that would lose the run's results: the first one aborts `signal`, so that nothing more is
 * started without evidence, and all are returned as problems.
 */
export class RunFiling<Event extends { readonly kind: string }> implements Disposable {
  readonly #archive: Archive;
  readonly #journal: Journal;
  readonly #stop = new AbortController();
  readonly #problems: string[] = [];
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
    this.#attempt(() => this.#journal.append(event.kind, event));
  }

  /** Adds a problem that is not one of filing. */
  warn(problem: string): void {
    this.#problems.push(problem);
  }

  /** Writes the report and the manifest of the record, as far as possible. */
  async close<Filed extends FiledRecord>(
    record: Filed,
    write: (record: Filed, archive: Archive) => Promise<ReportPaths>,
  ): Promise<FiledRun<Filed>> {
    this[Symbol.dispose]();
    let paths: ReportPaths | null = null;
    try {
      paths = await write(record, this.#archive);
      await this.#archive.writeManifest();
    } catch (error) {
      this.#fail(error);
    }
    const filed = this.#stop.signal.aborted ? (["inconclusive"] as const) : [];
    return { record, verdict: mergeVerdicts([record.verdict, ...filed]), paths, problems: this.#problems };
  }

  [Symbol.dispose](): void {
    this.#attempt(() => this.#journal.close());
  }

  #attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const problem =
      error instanceof KanitError
        ? `${error.message} ${error.nextStep}`
        : `Expected to file the run, got ${String(error)}.`;
    // A journal that has failed throws the same error again when it is closed.
    if (!this.#problems.includes(problem)) this.#problems.push(problem);
    this.#stop.abort(error);
  }
}
