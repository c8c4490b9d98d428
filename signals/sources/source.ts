import type { Sample } from "../sample-store.ts";

/** A source of samples. */
export interface Source {
  /** Unique among the sources of a scraper, for reports: `platform`. */
  readonly name: string;
  /** The labels that identify this target; they are added to every sample. */
  readonly target: { readonly job: string; readonly instance: string };
  /** The current samples. Rejects when the target cannot be read; the scraper turns that into `up 0`. */
  collect(signal: AbortSignal): Promise<Sample[]>;
  /** Closes what the source holds open, if anything. */
  close?(): Promise<void>;
}
