import { link, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FOLDER_MODE, storageErrorOf, systemCodeOf } from "../evidence/index.ts";
import { LAYOUT, STAGING_PREFIX } from "./layout.ts";
import type { FiledEntry } from "./release-entry.ts";
import type { ReleaseJournal } from "./release-journal.ts";

/** Nobody copies for longer: what is older was left by a command that was killed. */
const LONGEST_FILING_MS = 24 * 60 * 60_000;

/**
 * Moves the files of a filing from where they waited to their places. The journal has the filing already, so that what
 * a crash interrupts here is done later, by anybody, and doing it twice or at the same time changes nothing.
 */
export async function placeFiles(folder: string, { staging, files }: FiledEntry): Promise<void> {
  const waiting = join(folder, staging);
  const folders = new Set<string>();
  for (const { path, superseded } of files) {
    const target = join(folder, LAYOUT.data, path);
    try {
      if (superseded !== null) {
        const kept = join(folder, LAYOUT.data, superseded);
        await mkdir(dirname(kept), { recursive: true, mode: FOLDER_MODE });
        // A link, since it is made once: whoever does the same later does not move the new file in its place.
        await unless(["EEXIST", "ENOENT"], link(target, kept));
        folders.add(dirname(kept));
      }
      await mkdir(dirname(target), { recursive: true, mode: FOLDER_MODE });
      await unless(["ENOENT"], rename(join(waiting, path), target));
      folders.add(dirname(target));
    } catch (cause) {
      throw storageErrorOf(target, cause);
    }
  }
  for (const each of folders) {
    await using names = await open(each, "r");
    await names.sync();
  }
  await rm(waiting, { recursive: true, force: true });
}

async function unless(codes: readonly string[], step: Promise<void>): Promise<void> {
  try {
    await step;
  } catch (error) {
    if (!codes.includes(systemCodeOf(error))) throw error;
  }
}

/** The folders in which files wait, or waited when a command was killed. */
export async function stagingFolders(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith(STAGING_PREFIX));
}

/** Ends what a crash interrupted, and removes what nobody can need any more. */
export async function endInterruptedFilings(
  folder: string,
  journal: ReleaseJournal,
  nowMs: number,
): Promise<void> {
  const waiting = await stagingFolders(folder);
  if (waiting.length === 0) return;
  for (const filing of journal.filings) {
    if (waiting.includes(filing.staging)) await placeFiles(folder, filing);
  }
  const known = new Set(journal.filings.map(({ staging }) => staging));
  for (const name of waiting.filter((each) => !known.has(each))) {
    const path = join(folder, name);
    const changedAtMs = await changeTimeOf(path);
    if (changedAtMs !== null && nowMs - changedAtMs > LONGEST_FILING_MS) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

/** Null when whoever made it has removed it meanwhile. */
async function changeTimeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return null;
    throw error;
  }
}
