import { LAYOUT } from "./layout.ts";
import { readSmallFile } from "./read-small-file.ts";

/** The JSON of a file in an archive; null when there is none, or when it is something else. */
export async function readFiled(folder: string, path: string): Promise<unknown> {
  const file = await readSmallFile(folder, `${LAYOUT.data}/${path}`);
  if (file === null || "why" in file) return null;
  try {
    return JSON.parse(file.text);
  } catch {
    // Somebody's text under a JSON name: nothing is stated about it.
    return null;
  }
}
