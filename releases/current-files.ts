import type { FiledFile } from "./release-entry.ts";
import type { Filing } from "./release-journal.ts";

/** A file of the payload, and the filing that it came with. */
export interface CurrentFile extends FiledFile {
  readonly filing: Filing;
}

/** The payload after all filings up to one: each file by its path, also those that were superseded. */
export function filesAfter(
  filings: readonly Filing[],
  lastSequence: number,
): ReadonlyMap<string, CurrentFile> {
  const files = new Map<string, CurrentFile>();
  for (const filing of filings) {
    if (filing.sequence > lastSequence) break;
    for (const file of filing.files) {
      const old = files.get(file.path);
      if (file.superseded !== null && old !== undefined)
        files.set(file.superseded, { ...old, path: file.superseded });
      files.set(file.path, { ...file, filing });
    }
  }
  return files;
}

/** The commit under release: that of the release's tag, or else of the last command that knew one. */
export function commitOf(filings: readonly Filing[]): string | null {
  const withCommit = filings.filter(({ commit }) => commit !== null);
  const tagged = withCommit.findLast(({ files }) => files.some(({ path }) => path === "release_tag.txt"));
  return (tagged ?? withCommit.at(-1))?.commit ?? null;
}
