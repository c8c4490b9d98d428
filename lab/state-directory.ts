import { chmod, lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { RefusedError, UnavailableError } from "../core/index.ts";

/** Where kanit keeps what outlives a command: running labs and caches for the next start. */
export interface StateDirectory {
  /** One folder for each running lab. */
  readonly labs: string;
  /** Initialized database directories; may be deleted at any time when no lab runs. */
  readonly cache: string;
}

const OWNER_ONLY = 0o700;
// Root's labs run Postgres as another user, who must be able to reach its own folder.
const OTHERS_MAY_ENTER = 0o711;

/**
 * Prepares `<temporaryDirectory>/kanit-<uid>`.
 *
 * @throws RefusedError `foreign-state-directory` when the folder belongs to another user, who could then
 *   place programs or data in it.
 * @throws UnavailableError `no-state-directory` when it cannot be created.
 */
export async function openStateDirectory(temporaryDirectory: string): Promise<StateDirectory> {
  const uid = process.getuid?.() ?? 0;
  const root = join(temporaryDirectory, `kanit-${uid}`);
  // Not recursively: below /proc, Node would not come to an end. The folder for temporary files is there already.
  await mkdir(root, { mode: OWNER_ONLY }).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return;
    throw new UnavailableError({
      code: "no-state-directory",
      message: `Expected to make the folder ${root}, got: ${error instanceof Error ? error.message : String(error)}.`,
      nextStep: "Point TMPDIR at a folder that this user may write to, on a disk with free space.",
      cause: error,
    });
  });
  const found = await lstat(root);
  if (!found.isDirectory() || found.uid !== uid) {
    throw new RefusedError({
      code: "foreign-state-directory",
      message: `Expected ${root} to be a folder of user ${uid}, but it belongs to user ${found.uid}.`,
      nextStep: "Remove it, or point TMPDIR somewhere else.",
    });
  }
  await enterable(root);
  const state = { labs: join(root, "labs"), cache: join(root, "cache") };
  await makeLabDirectory(state.labs);
  await makeLabDirectory(state.cache);
  return state;
}

/** Creates a folder of the state directory that the user to whom root drops can enter, whatever the umask. */
export async function makeLabDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await enterable(path);
}

function enterable(path: string): Promise<void> {
  return chmod(path, process.getuid?.() === 0 ? OTHERS_MAY_ENTER : OWNER_ONLY);
}
