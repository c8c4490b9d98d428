import { basename } from "node:path";
import { UnavailableError } from "../core/index.ts";
import { listFolder, shownPath } from "../evidence/index.ts";
import { RUNS } from "./layout.ts";
import { type FileToFile, fileForRelease, type MadeFiling, type ReleasesOptions } from "./release-archive.ts";

/** A run's folder to be filed. */
export interface RunToFile {
  readonly folder: string;
  /** `run`, `drill`, `backpressure`. */
  readonly kind: string;
  readonly command: string;
  readonly commit: string | null;
  readonly target: string;
  readonly atMs: number;
}

/**
 * Copies the folder of a finished run into a release's archive, where `kanit verify` checks it as before.
 *
 * @throws UnavailableError `evidence-unreadable` when something else than files lies in it.
 */
export async function fileRun(
  options: ReleasesOptions,
  release: string,
  run: RunToFile,
): Promise<MadeFiling> {
  const { folder, kind, command, commit, target, atMs } = run;
  const { entries, isWhole } = await listFolder(folder);
  const odd = entries.find(
    ({ kind: what }) => what !== "file" && what !== "folder" && what !== "empty folder",
  );
  if (odd !== undefined || !isWhole) {
    throw new UnavailableError({
      code: "evidence-unreadable",
      message: `Expected a run's folder with files at ${folder}, got ${
        odd === undefined ? "more than a run has" : `${shownPath(odd.path)} (${odd.kind})`
      }.`,
      nextStep: "File the folder as the run left it.",
    });
  }
  const files = entries
    .filter((entry) => entry.kind === "file")
    .map(
      ({ path, location }): FileToFile => ({
        path: `${RUNS}/${basename(folder)}/${path}`,
        kind: `${kind}.file`,
        content: { kind: "copy", from: location.toString() },
        ...{ atMs, command, madeFrom: [] },
      }),
    );
  return fileForRelease(options, release, { command, commit, target, files });
}
