import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  type Clock,
  RefusedError,
  type SecretRegistry,
  UnavailableError,
  UsageError,
} from "../core/index.ts";
import { FOLDER_MODE, GENESIS_HASH, type JournalHead, storageErrorOf, writeNew } from "../evidence/index.ts";
import { filesAfter } from "./current-files.ts";
import { BAGIT_DECLARATION, isPlainPath, LAYOUT, STAGING_PREFIX, SUPERSEDED } from "./layout.ts";
import { endInterruptedFilings, placeFiles } from "./place-files.ts";
import {
  CREATED,
  type CreatedEntry,
  FILED,
  type FiledEntry,
  type FiledFile,
  type FileSource,
} from "./release-entry.ts";
import { appendLine, type ReleaseJournal, readReleaseJournal } from "./release-journal.ts";
import { archiveName, checkRelease, newestAttempt } from "./release-name.ts";
import { type FileContent, stageFile } from "./stage-file.ts";

/** A file to be filed. */
export interface FileToFile {
  /** In the archive's payload: `preflight.txt`, `runs/<id>/run.json`. */
  readonly path: string;
  /** For programs: `gate.preflight.pgbouncer-pools`. */
  readonly kind: string;
  readonly content: FileContent;
  readonly atMs: number;
  /** What a person would type to find out the same. */
  readonly command: string;
  readonly madeFrom: readonly FileSource[];
}

/** What one command files at once: all of it or nothing. */
export interface FilingToMake {
  readonly command: string;
  /** The commit under release; null where there is no repository. */
  readonly commit: string | null;
  /** What was examined, without credentials. */
  readonly target: string | null;
  readonly files: readonly FileToFile[];
}

/** What was filed, and where. */
export interface MadeFiling {
  /** The archive's folder. */
  readonly folder: string;
  readonly entry: FiledEntry;
  readonly head: JournalHead;
}

export interface ReleasesOptions {
  /** The folder of all archives: `out`. */
  readonly root: string;
  readonly clock: Pick<Clock, "nowMs">;
  /** What must never be filed. */
  readonly secrets: Pick<SecretRegistry, "filter">;
}

/**
 * Files into the newest archive of a release, and begins the first or the next one where that is needed: what is sealed
 * stays as it is, so that what is found out again belongs to another attempt, whose archive names the one before it.
 *
 * @throws UsageError `bad-release` or `nothing-to-file`.
 * @throws RefusedError `path-outside-archive`.
 * @throws UnavailableError `disk-full`, `evidence-not-written` or `archive-broken`.
 */
export async function fileForRelease(
  options: ReleasesOptions,
  release: string,
  filing: FilingToMake,
): Promise<MadeFiling> {
  checkRelease(release);
  checkFiles(filing);
  let attempt = Math.max(1, await newestAttempt(options.root, release));
  for (; ; attempt += 1) {
    const folder = await beginArchive(options, release, attempt);
    try {
      return await fileInto(options, folder, filing);
    } catch (error) {
      if (!(error instanceof SealedFile)) throw error;
    }
  }
}

/** A file of the same path is sealed. */
class SealedFile extends Error {
  override readonly name = "SealedFile";
}

/** Files into one archive. */
export async function fileInto(
  { clock, secrets }: ReleasesOptions,
  folder: string,
  { command, commit, target, files }: FilingToMake,
): Promise<MadeFiling> {
  const staging = `${STAGING_PREFIX}${randomUUID()}`;
  const staged: Omit<FiledFile, "superseded">[] = [];
  for (const { path, kind, content, atMs, command, madeFrom } of files) {
    const digest = await stageFile(join(folder, staging, path), content, secrets);
    staged.push({
      path,
      kind,
      ...digest,
      at: new Date(atMs).toISOString(),
      command: secrets.filter(command),
      madeFrom: [...madeFrom],
    });
  }
  const { data, head } = await appendLine(folder, FILED, clock.nowMs(), async (journal) => {
    await endInterruptedFilings(folder, journal, clock.nowMs());
    const current = filesAfter(journal.filings, Number.POSITIVE_INFINITY);
    const sealed = filesAfter(journal.filings, journal.seals.at(-1)?.sequence ?? -1);
    if (files.some(({ path }) => sealed.has(path))) throw new SealedFile();
    return {
      command: secrets.filter(command),
      commit,
      target: target === null ? null : secrets.filter(target),
      staging,
      files: staged.map((file) => {
        const sequence = current.get(file.path)?.filing.sequence ?? null;
        return { ...file, superseded: sequence === null ? null : `${SUPERSEDED}/${sequence}/${file.path}` };
      }),
    } satisfies FiledEntry;
  });
  await placeFiles(folder, data);
  return { folder, entry: data, head };
}

function checkFiles({ files }: FilingToMake): void {
  const paths = new Set(files.map(({ path }) => path));
  if (files.length === 0 || paths.size !== files.length) {
    throw new UsageError({
      code: "nothing-to-file",
      message: `Expected files with different names, got ${files.length} with ${paths.size} names.`,
      nextStep: "Name each file once.",
    });
  }
  for (const { path } of files) {
    if (isPlainPath(path) && path.split("/", 1)[0] !== SUPERSEDED) continue;
    throw new RefusedError({
      code: "path-outside-archive",
      message: `Expected the plain name of a file inside the archive, got ${JSON.stringify(path)}.`,
      nextStep: "Use letters, digits, dots, dashes and slashes: runs/20250801-nightly-7/run.json.",
    });
  }
}

/**
 * Begins the archive of an attempt, which names the one before it, unless it has begun already. Returns its folder.
 *
 * @throws UnavailableError `archive-broken` when something else lies there.
 */
async function beginArchive(
  { root, clock }: Pick<ReleasesOptions, "root" | "clock">,
  release: string,
  attempt: number,
): Promise<string> {
  const folder = join(root, archiveName(checkRelease(release), attempt));
  try {
    for (const name of [LAYOUT.data, LAYOUT.journal, LAYOUT.seals]) {
      await mkdir(join(folder, name), { recursive: true, mode: FOLDER_MODE });
    }
  } catch (cause) {
    throw storageErrorOf(folder, cause);
  }
  const { hashes } = await readReleaseJournal(folder);
  if (hashes.length === 0) {
    // Others may begin it at the same time.
    await writeNew(join(folder, LAYOUT.declaration), BAGIT_DECLARATION);
    const follows = attempt === 1 ? null : await factsOf(root, archiveName(release, attempt - 1), release);
    await writeFirstLine(folder, clock.nowMs(), { schema: "kanit.release/1", release, attempt, follows });
  }
  await readOpenArchive(folder, release);
  return folder;
}

/** Of those who begin an archive at once, one writes its first line, and the others find it. */
async function writeFirstLine(folder: string, nowMs: number, created: CreatedEntry): Promise<void> {
  try {
    await appendLine(folder, CREATED, nowMs, async ({ hashes, findings }) => {
      if (hashes.length > 0 || findings.length > 0) throw new AlreadyBegun();
      return created;
    });
  } catch (error) {
    if (!(error instanceof AlreadyBegun)) throw error;
  }
}

class AlreadyBegun extends Error {
  override readonly name = "AlreadyBegun";
}

async function factsOf(root: string, archive: string, release: string): Promise<CreatedEntry["follows"]> {
  const { head, seals } = await readOpenArchive(join(root, archive), release);
  return { archive, head: head?.hash ?? GENESIS_HASH, manifest: seals.at(-1)?.manifest ?? null };
}

/**
 * Reads the journal of an archive that is to be written to.
 *
 * @throws UnavailableError `archive-broken` when it is not as commands leave it.
 */
export async function readOpenArchive(folder: string, release: string): Promise<ReleaseJournal> {
  const journal = await readReleaseJournal(folder);
  const { created, findings } = journal;
  const [first] = findings;
  const isOther = created !== null && created.release !== release;
  if (created !== null && !isOther && first === undefined) return journal;
  const what =
    first?.line ?? (isOther ? `it is the archive of ${created.release}` : "its journal has no first line");
  throw new UnavailableError({
    code: "archive-broken",
    message: `Expected the archive of ${release} at ${folder}, but ${what}.`,
    nextStep: "See `kanit evidence verify`; keep the folder, and move it away to begin another one.",
  });
}

/** The folder of a release's newest archive. */
export async function archiveOf(root: string, release: string): Promise<string> {
  const attempt = await newestAttempt(root, checkRelease(release));
  if (attempt > 0) return join(root, archiveName(release, attempt));
  throw new UnavailableError({
    code: "no-archive",
    message: `Expected an archive of ${release} in ${root}, got none.`,
    nextStep: `Commands file into one with --release ${release}; --archive names another folder of archives.`,
  });
}
