import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** The release of an archive's folder: `v1.4.0@2` is the second archive of v1.4.0. */
const ARCHIVE = /^([A-Za-z0-9][A-Za-z0-9._+-]{0,99}?)(?:@\d+)?$/;

/** The release for which something was filed last; null where nothing was. */
export async function newestRelease(root: string): Promise<string | null> {
  const names = await readdir(root).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const release = ARCHIVE.exec(name)?.[1] ?? null;
      const status = await stat(join(root, name)).catch(() => null);
      return { release, changedAtMs: status?.isDirectory() === true ? status.mtimeMs : null };
    }),
  );
  let newest: { readonly release: string; readonly changedAtMs: number } | null = null;
  for (const { release, changedAtMs } of found) {
    if (release === null || changedAtMs === null) continue;
    if (newest === null || changedAtMs > newest.changedAtMs) newest = { release, changedAtMs };
  }
  return newest?.release ?? null;
}
