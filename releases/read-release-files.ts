import { basename, join } from "node:path";
import { filesAfter } from "./current-files.ts";
import { LAYOUT } from "./layout.ts";
import { readSmallFile } from "./read-small-file.ts";
import { readReleaseJournal } from "./release-journal.ts";
import { archiveName, checkRelease, newestAttempt } from "./release-name.ts";

/** A file of one of a release's archives. */
export interface ReleaseFile {
  /** The archive that it lies in: `v1.4.0@2`. */
  readonly archive: string;
  readonly path: string;
  readonly kind: string;
  readonly commit: string | null;
  readonly atMs: number;
  /** Null: it is not as it was filed. */
  readonly text: string | null;
}

/** Reads files of all archives of a release, of its earlier attempts too, in the order in which they were filed. */
export async function readReleaseFiles(
  root: string,
  release: string,
  isWanted: (path: string) => boolean,
): Promise<readonly ReleaseFile[]> {
  const attempts = await newestAttempt(root, checkRelease(release));
  const archives = Array.from({ length: attempts }, (_, index) => archiveName(release, index + 1));
  const found = await Promise.all(archives.map((archive) => filesIn(join(root, archive), isWanted)));
  return found.flat();
}

async function filesIn(folder: string, isWanted: (path: string) => boolean): Promise<readonly ReleaseFile[]> {
  const { filings } = await readReleaseJournal(folder);
  const wanted = [...filesAfter(filings, Number.POSITIVE_INFINITY).values()].filter(({ path }) =>
    isWanted(path),
  );
  return Promise.all(
    wanted.map(async ({ path, kind, at, sha256, filing }) => {
      const read = await readSmallFile(folder, join(LAYOUT.data, path));
      const isSound = read !== null && !("why" in read) && read.sha256 === sha256;
      return {
        ...{ archive: basename(folder), path, kind, commit: filing.commit, atMs: Date.parse(at) },
        text: isSound ? read.text : null,
      };
    }),
  );
}
