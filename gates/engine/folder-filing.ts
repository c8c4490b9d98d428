import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Clock,
  KanitError,
  type SecretRegistry,
  UnavailableError,
  UsageError,
} from "../../core/index.ts";
import { type Archive, createArchive } from "../../evidence/index.ts";
import type { EvidenceFile, FiledEvidence, FilingSubject, GateFiling, OpenFiling } from "./filing.ts";
import { PAGE_NAME } from "./filing.ts";

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;
const RELEASE = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$/;
const LOCK = ".lock";
const LOCK_POLL_MS = 50;
/** A release's folder is locked for renames only; who holds it longer has ended. */
const LOCK_STALE_MS = 30_000;
const RANDOM_BYTES = 4;

export interface FolderFilingOptions {
  /** The folder of all releases: `out`. */
  readonly root: string;
  readonly clock: Clock;
  readonly secrets: SecretRegistry;
}

/**
 * Checks the name of a release, since it becomes part of file names.
 *
 * @throws UsageError `bad-release`.
 */
function requireRelease(release: string): string {
  if (RELEASE.test(release)) return release;
  throw new UsageError({
    code: "bad-release",
    message: `Expected the name of a release, got ${JSON.stringify(release)}.`,
    nextStep: "Use letters, digits, dots and dashes: v1.4.0.",
  });
}

/**
 * Files runs of gates in folders: each run in its own, `<root>/<release>/gates/<gate>-<time>-<random>`, with journal
 * and manifest. At its end its files become the current ones in `<root>/<release>/evidence`, all together.
 */
export function folderFiling({ root, clock, secrets }: FolderFilingOptions): OpenFiling {
  return async (subject) => {
    requireRelease(subject.release);
    const folder = join(root, subject.release);
    const stamp = new Date(clock.nowMs()).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
    const runId = `${subject.gate}-${stamp}Z-${randomBytes(RANDOM_BYTES).toString("hex")}`;
    const archive = await createArchive({ root: join(folder, "gates"), runId, clock, secrets });
    return filingIn(archive, join(folder, "evidence"), subject, { clock, secrets });
  };
}

function filingIn(
  archive: Archive,
  current: string,
  subject: FilingSubject,
  { clock, secrets }: Pick<FolderFilingOptions, "clock" | "secrets">,
): GateFiling {
  const journal = archive.startJournal();
  journal.append("filing.opened", subject);
  const files: (FiledEvidence & { readonly text: string })[] = [];
  return {
    folder: archive.folder,
    file: async (file: EvidenceFile) => {
      const text = secrets.filter(file.text);
      await archive.writeRendered(file.name, text);
      const filed = describeFile(file, text, subject, clock.nowMs());
      journal.append("evidence.filed", filed);
      files.push({ ...filed, text });
      return filed;
    },
    note: (kind, data) => void journal.append(kind, data),
    end: async ({ verdict, problems }) => {
      const manifest = await archive.writeManifest();
      journal.end({ verdict, manifest, problems });
      await publish(current, files, clock);
    },
  };
}

function describeFile(
  { name, kind, command }: EvidenceFile,
  text: string,
  { commit, target }: FilingSubject,
  atMs: number,
): FiledEvidence {
  const bytes = Buffer.byteLength(text);
  const sha256 = createHash("sha256").update(text).digest("hex");
  return { name, kind, command, sha256, bytes, commit, target, atMs };
}

/** Two runs that end at once must not leave a mixture: whoever comes last leaves all of its files. */
async function publish(
  folder: string,
  files: readonly (FiledEvidence & { readonly text: string })[],
  clock: Clock,
): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
    await using _lock = await lockFolder(folder, clock);
    for (const { text, ...file } of files) {
      // Each gate has a page, which stays in the folder of its run.
      if (file.name === PAGE_NAME) continue;
      await replace(join(folder, file.name), text);
      await replace(join(folder, `.${file.name}.json`), JSON.stringify(file));
    }
  } catch (cause) {
    if (cause instanceof KanitError) throw cause;
    throw new UnavailableError({
      code: "evidence-not-written",
      message: `Expected to write evidence to ${folder}, got: ${cause instanceof Error ? cause.message : String(cause)}.`,
      nextStep: "Free space there or name another folder: --out <folder>.",
      cause,
    });
  }
}

async function replace(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.${randomBytes(RANDOM_BYTES).toString("hex")}.tmp`;
  await writeFile(temporary, text, { mode: OWNER_ONLY_FILE });
  await rename(temporary, path);
}

async function lockFolder(folder: string, clock: Clock): Promise<AsyncDisposable> {
  const path = join(folder, LOCK);
  const beganMs = clock.monotonicMs();
  for (;;) {
    try {
      const file = await open(path, "wx", OWNER_ONLY_FILE);
      await file.close();
      return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      // Whoever made it was killed between two renames.
      if (clock.monotonicMs() - beganMs > LOCK_STALE_MS) await rm(path, { force: true });
      else await clock.sleep(LOCK_POLL_MS);
    }
  }
}
