import { mkdir } from "node:fs/promises";
import { isAbsolute, join, normalize, sep } from "node:path";
import { type Clock, RefusedError, SecretRegistry, UsageError } from "../core/index.ts";
import { encodeManifest, JOURNAL_NAME, MANIFEST_NAME, makeManifest } from "./folder/manifest.ts";
import { FOLDER_MODE, writeAtomically } from "./folder/write-atomically.ts";
import { createJournal, type Journal } from "./journal.ts";
import { createRedaction, type Redact } from "./redaction.ts";
import { storageErrorOf, systemCodeOf } from "./storage-error.ts";

const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

export interface ArchiveOptions {
  /** The folder of all runs: `reports/out`. Created when it is missing. */
  readonly root: string;
  /** The name of the run's own folder in it: letters, digits, `.`, `_` and `-`. */
  readonly runId: string;
  readonly clock: Pick<Clock, "nowMs">;
  /** What must never be filed; secrets that are registered later count from then on. */
  readonly secrets: SecretRegistry;
}

/** The folder of one run. */
export interface Archive {
  readonly runId: string;
  readonly folder: string;
  readonly redact: Redact;
  /**
   * The path of a file in the folder, whether it exists or not: `logs/platform.log`.
   *
   * @throws RefusedError `path-outside-archive` for a path outside the folder.
   */
  path(name: string): string;
  /**
   * Redacts a text and writes it atomically. Creates its folder; returns its path.
   *
   * @throws UnavailableError `disk-full` or `evidence-not-written`.
   */
  writeText(name: string, text: string): Promise<string>;
  /** Redacts a value and writes it as indented JSON, otherwise like `writeText`. */
  writeJson(name: string, value: unknown): Promise<string>;
  /**
   * Writes a document byte for byte, otherwise like `writeText`. For markup made from data that was already
   * redacted: redacting it again could mistake markup for part of a credential and damage it.
   */
  writeRendered(name: string, document: string): Promise<string>;
  /** Starts the run's journal, `journal.jsonl`. */
  startJournal(): Journal;
  /**
   * Hashes every file into `manifest.json`, when only the journal's end is still to be written. Returns the SHA-256 of
   * the manifest.
   */
  writeManifest(): Promise<string>;
}

/**
 * Creates the folder of a new run.
 *
 * @throws UsageError `bad-run-id`, or `run-exists` when the folder already exists.
 * @throws UnavailableError when it cannot be created.
 */
export async function createArchive({ root, runId, clock, secrets }: ArchiveOptions): Promise<Archive> {
  if (!RUN_ID.test(runId)) {
    throw new UsageError({
      code: "bad-run-id",
      message: `Expected a run id of letters, digits, '.', '_' and '-', got ${JSON.stringify(runId)}.`,
      nextStep: "Choose an id such as 20250801-nightly-7.",
    });
  }
  const folder = join(root, runId);
  const redact = createRedaction(secrets);
  await makeRunFolder(root, folder);
  return archiveIn(folder, { runId, clock, redact });
}

/** The folder of a finished run. The content of its journal was already redacted. */
export function reopenArchive(folder: string, runId: string, clock: Pick<Clock, "nowMs">): Archive {
  return archiveIn(folder, { runId, clock, redact: createRedaction(new SecretRegistry()) });
}

function archiveIn(
  folder: string,
  { runId, clock, redact }: Pick<Archive, "runId" | "redact"> & Pick<ArchiveOptions, "clock">,
): Archive {
  const path = (name: string): string => join(folder, innerName(name));
  const writeRendered = async (name: string, document: string): Promise<string> => {
    const target = path(name);
    await writeAtomically(target, document);
    return target;
  };
  return {
    runId,
    folder,
    redact,
    path,
    writeRendered,
    writeText: (name, text) => writeRendered(name, String(redact(text))),
    writeJson: (name, value) => writeRendered(name, `${JSON.stringify(redact(value), null, 2)}\n`),
    startJournal: () => createJournal({ path: path(JOURNAL_NAME), clock, redact }),
    writeManifest: async () => {
      const createdAt = new Date(clock.nowMs()).toISOString();
      const { text, sha256 } = encodeManifest(await makeManifest(folder, runId, createdAt));
      await writeAtomically(path(MANIFEST_NAME), text);
      return sha256;
    },
  };
}

async function makeRunFolder(root: string, folder: string): Promise<void> {
  try {
    await mkdir(root, { recursive: true });
    await mkdir(folder, { mode: FOLDER_MODE });
  } catch (cause) {
    if (systemCodeOf(cause) !== "EEXIST") throw storageErrorOf(folder, cause);
    throw new UsageError({
      code: "run-exists",
      message: `Expected a new folder at ${folder}, but it exists.`,
      nextStep: "Choose another id for the run: evidence of an earlier run is never overwritten.",
      cause,
    });
  }
}

function innerName(name: string): string {
  const inner = normalize(name);
  if (name !== "" && inner !== "." && inner !== ".." && !isAbsolute(inner) && !inner.startsWith(`..${sep}`)) {
    return inner;
  }
  throw new RefusedError({
    code: "path-outside-archive",
    message: `Expected the name of a file inside the run's folder, got ${JSON.stringify(name)}.`,
    nextStep: "Use a relative name such as logs/platform.log.",
  });
}
