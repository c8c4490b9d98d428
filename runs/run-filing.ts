import { KanitError, mergeVerdicts, type Verdict } from "../core/index.ts";
import type { Archive, FiledRecord, Journal } from "../evidence/index.ts";
import type { ReportPaths } from "../reports/index.ts";

/** A run that is over, with what is known of it and where that was filed. */
export interface FiledRun<Filed extends FiledRecord> {
  readonly record: Filed;
  /** The record's verdict; a run whose evidence could not be filed never passes. */
  readonly verdict: Verdict;
  /** Null when the report could not be written. */
  readonly paths: ReportPaths | null;
  /** What went wrong while the run was filed or its lab was taken down, one line each. */
  readonly problems: readonly string[];
}

/**
 * Files a run: each event in the journal as it happens, then the report and the manifest. No failure to do so is
 * thrown, since that would lose what the run has found: the first one aborts `signal`, so that nothing more is begun
 * of which there would be no evidence, and all are returned as problems.
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

  /** Files an event, unless that has failed before: a chain with a hole proves nothing. */
  append(event: Event): void {
    if (this.#stop.signal.aborted) return;
    this.#attempt(() => this.#journal.append(event.kind, event));
  }

  /** Adds something that went wrong apart from the filing. */
  warn(problem: string): void {
    this.#problems.push(problem);
  }

  /** Writes the report and the manifest of the record, as far as that can be done. */
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
