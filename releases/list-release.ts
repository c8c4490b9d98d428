import { filesAfter } from "./current-files.ts";
import { evidenceNamed, type Stage } from "./evidence-names.ts";
import type { FileSource } from "./release-entry.ts";
import { readReleaseJournal } from "./release-journal.ts";

/** A file of an archive, and all that is known of it. */
export interface ListedFile {
  readonly path: string;
  readonly kind: string;
  /** Null for what no list of evidence names. */
  readonly stage: Stage | null;
  readonly bytes: number;
  readonly sha256: string;
  readonly at: string;
  readonly command: string;
  readonly commit: string | null;
  readonly target: string | null;
  readonly madeFrom: readonly FileSource[];
  readonly isSealed: boolean;
}

/** Lists what an archive has, in the order in which it was filed. */
export async function listRelease(folder: string): Promise<readonly ListedFile[]> {
  const journal = await readReleaseJournal(folder);
  const sealed = journal.seals.at(-1)?.sequence ?? -1;
  return [...filesAfter(journal.filings, Number.POSITIVE_INFINITY).values()].map(
    ({ path, kind, bytes, sha256, at, command, madeFrom, filing }) => ({
      ...{ path, kind, bytes, sha256, at, command, madeFrom },
      stage: evidenceNamed(path, journal.created?.release ?? "")?.stage ?? null,
      commit: filing.commit,
      target: filing.target,
      isSealed: filing.sequence < sealed,
    }),
  );
}
