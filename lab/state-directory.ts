import { chmod, lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { RefusedError } from "../core/index.ts";

/** Where kanit keeps what outlives a command: running labs and what makes the next start quick. */
export interface StateDirectory {
  /** One folder for each running lab. */
  readonly labs: string;
  /** Initialised database directories; may be deleted at any time when no lab runs. */
  readonly cache: string;
}

const OWNER_ONLY = 0o700;
// Root's labs run Postgres as another user, who must be able to walk down to its own folder.
const OTHERS_MAY_ENTER = 0o711;

/**
 * Makes `<temporaryDirectory>/kanit-<uid>` ready.
 *
 * @throws RefusedError `foreign-state-directory` when the folder belongs to somebody else, who could then plant
 *   programs or data in it.
 */
export async function openStateDirectory(temporaryDirectory: string): Promise<StateDirectory> {
  const uid = process.getuid?.() ?? 0;
  const root = join(temporaryDirectory, `kanit-${uid}`);
  await mkdir(root, { recursive: true, mode: OWNER_ONLY });
  const found = await lstat(root);
  if (!found.isDirectory() || found.uid !== uid) {
    throw new RefusedError({
      code: "foreign-state-directory",
      message: `Expected ${root} to be a folder of user ${uid}, but it belongs to user ${found.uid}.`,
      nextStep: "Remove it, or point TMPDIR somewhere else.",
    });
  }
  await chmod(root, uid === 0 ? OTHERS_MAY_ENTER : OWNER_ONLY);
  const state = { labs: join(root, "labs"), cache: join(root, "cache") };
  await mkdir(state.labs, { recursive: true });
  await mkdir(state.cache, { recursive: true });
  return state;
}
