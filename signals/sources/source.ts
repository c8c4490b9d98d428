import type { Sample } from "../sample-store.ts";

/** Where samples come from. */
export interface Source {
  /** Unique among the sources of a scraper, for reports: `platform`. */
  readonly name: string;
  /** The labels that tell this target from others; they are put on every sample. */
  readonly target: { readonly job: string; readonly instance: string };
  /** The samples of this moment. Rejects when the target cannot be read; the scraper turns that into `up 0`. */
  collect(signal: AbortSignal): Promise<Sample[]>;
  /** Lets go of what the source holds open, if anything. */
  close?(): Promise<void>;
}
