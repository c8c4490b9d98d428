import type { Verdict } from "../../core/index.ts";

/** The page of a run. It belongs to the run alone, while the other files become the current ones of the release. */
export const PAGE_NAME = "index.html";

/** One file of evidence. Its text is filtered for secrets by the filing. */
export interface EvidenceFile {
  /** Without a folder, as in the release's list of evidence: `pgbouncer_pools_v1.4.0.tsv`. */
  readonly name: string;
  /** `gate.preflight.pgbouncer-pools`. */
  readonly kind: string;
  readonly text: string;
  /** What a person would paste to find out the same. */
  readonly command: string;
}

/** A file as it was filed. */
export interface FiledEvidence extends Omit<EvidenceFile, "text"> {
  readonly sha256: string;
  readonly bytes: number;
  readonly commit: string | null;
  readonly target: string;
  readonly atMs: number;
}

/** The evidence of one run of a gate: the archive of the release, or a memory in tests. */
export interface GateFiling {
  /** Where a person finds the files. */
  readonly folder: string;
  /**
   * Files a text, whole or not at all.
   *
   * @throws UnavailableError `disk-full` or `evidence-not-written`.
   */
  file(file: EvidenceFile): Promise<FiledEvidence>;
  /** Adds an event to the journal of the run. */
  note(kind: string, data: unknown): void;
  /** Ends the run: the files become the current ones of the release, all of them or none. */
  end(ending: { readonly verdict: Verdict; readonly problems: readonly string[] }): Promise<void>;
}
