import { accessSync, constants, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UnavailableError } from "../core/index.ts";

/** What the machine lacks rather than the user: told as such by whoever writes. */
const FULL = new Set(["ENOSPC", "EDQUOT"]);

/**
 * Makes a folder for results before anything starts, so that nothing is found out in vain. Returns its whole path.
 *
 * @param option Names it in the message: `--out`.
 * @throws UnavailableError `bad-output-folder`
 */
export function makeOutputFolder(folder: string, option: string): string {
  const path = resolve(folder);
  try {
    makeFolder(path);
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    if (FULL.has(code)) throw cause;
    throw new UnavailableError({
      code: "bad-output-folder",
      message: `Expected a folder that can be made and written to, got ${path} (${code}).`,
      nextStep: `Name another one with ${option}, or correct who owns it.`,
      cause,
    });
  }
  return path;
}

/** Folder by folder: Node's own recursion never ends below /proc, where a parent is there and takes no folder. */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another command may have been quicker.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}
