import { stat } from "node:fs/promises";
import { dirname } from "node:path";

const OTHERS_MAY_ENTER = 0o001;

/** The first folder on the path that other users may not enter, or null when they may enter all. */
export async function closedToOthers(path: string): Promise<string | null> {
  const directories: string[] = [];
  for (let directory = path; ; directory = dirname(directory)) {
    directories.unshift(directory);
    if (directory === dirname(directory)) break;
  }
  for (const directory of directories) {
    const { mode } = await stat(directory);
    if ((mode & OTHERS_MAY_ENTER) === 0) return directory;
  }
  return null;
}
