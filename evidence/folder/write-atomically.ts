import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { storageErrorOf } from "../storage-error.ts";

/**
 * Evidence is filtered, and a filter may miss something: it is for the user who ran kanit, until that user shares it.
 */
export const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;

/**
 * Writes a file so that readers, also after a crash, see all of it or its state before.
 *
 * @throws UnavailableError `disk-full` or `evidence-not-written`.
 */
export async function writeAtomically(target: string, text: string): Promise<void> {
  const folder = dirname(target);
  const temporary = join(folder, `.${basename(target)}.${process.pid}.tmp`);
  try {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  } catch (cause) {
    throw storageErrorOf(target, cause);
  }
  try {
    {
      await using file = await open(temporary, "w", FILE_MODE);
      await file.writeFile(text, "utf8");
      await file.sync();
    }
    await rename(temporary, target);
    // A name that is only in memory would be lost with the machine.
    await using names = await open(folder, "r");
    await names.sync();
  } catch (cause) {
    await rm(temporary, { force: true });
    throw storageErrorOf(target, cause);
  }
}
