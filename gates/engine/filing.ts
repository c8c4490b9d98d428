import type { Verdict } from "../../core/index.ts";

/** The page of a run. It belongs to the run alone, while the other files become the current ones of the release. */
export const PAGE_NAME = "index.html";

/** What all files of one run of a gate have in common. */
export interface FilingSubject {
  readonly release: string;
  /** The name of the gate: `preflight`. */
  readonly gate: string;
  /** The commit under release; null where there is no repository. */
  readonly commit: string | null;
  /** What was examined, without credentials: `https://spark.example.com`, `lab 4f2a`. */
  readonly target: string;
  /** The command line that repeats the run. */
  readonly command: string;
}

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

/**
 * The evidence of one run of a gate. `folderFiling` is the first kind; an archive of the whole release may take its
 * place.
 */
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

/** Opens the filing of one run. Two runs of one gate at once never share files. */
export type OpenFiling = (subject: FilingSubject) => Promise<GateFiling>;
