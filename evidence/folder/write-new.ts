import { randomUUID } from "node:crypto";
import { link, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { storageErrorOf, systemCodeOf } from "../storage-error.ts";
import { FILE_MODE } from "./write-atomically.ts";

/**
 * Writes a file that must not exist, whole or not at all. Returns whether it did not: of those who write the same
 * file at once, one succeeds.
 *
 * @throws UnavailableError `disk-full` or `evidence-not-written`.
 */
export async function writeNew(path: string, text: string): Promise<boolean> {
  const temporary = join(path, "..", `.${randomUUID()}.tmp`);
  try {
    {
      await using file = await open(temporary, "wx", FILE_MODE);
      await file.writeFile(text, "utf8");
      await file.sync();
    }
    await link(temporary, path);
    await using names = await open(join(path, ".."), "r");
    await names.sync();
    return true;
  } catch (cause) {
    if (systemCodeOf(cause) === "EEXIST") return false;
    throw storageErrorOf(path, cause);
  } finally {
    await rm(temporary, { force: true });
  }
}
