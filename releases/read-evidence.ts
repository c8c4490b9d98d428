import { join } from "node:path";
import { filesAfter } from "./current-files.ts";
import { LAYOUT } from "./layout.ts";
import { readSmallFile } from "./read-small-file.ts";
import { readReleaseJournal } from "./release-journal.ts";
import { archiveName, checkRelease, newestAttempt } from "./release-name.ts";

/** A file that is current for a release, and what it says. */
export interface CurrentEvidence {
  readonly path: string;
  readonly kind: string;
  readonly command: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly commit: string | null;
  readonly target: string;
  readonly atMs: number;
  readonly text: string;
}

/**
 * Reads what is filed of a release: the newest file of a name, at the top or in the folder of a gate's run. Null where
 * there is none, or where it is not as it was filed.
 */
export async function readEvidence(
  root: string,
  release: string,
  name: string,
): Promise<CurrentEvidence | null> {
  const attempt = await newestAttempt(root, checkRelease(release));
  if (attempt === 0) return null;
  const folder = join(root, archiveName(release, attempt));
  const { filings } = await readReleaseJournal(folder);
  const files = [...filesAfter(filings, Number.POSITIVE_INFINITY).values()];
  const file =
    files.findLast(({ path }) => path === name) ?? files.findLast(({ path }) => path.endsWith(`/${name}`));
  if (file === undefined) return null;
  const read = await readSmallFile(folder, join(LAYOUT.data, file.path));
  if (read === null || "why" in read || read.sha256 !== file.sha256) return null;
  const { path, kind, command, sha256, bytes, at, filing } = file;
  return {
    ...{ path, kind, command, sha256, bytes },
    commit: filing.commit,
    target: filing.target ?? "",
    atMs: Date.parse(at),
    text: read.text,
  };
}
