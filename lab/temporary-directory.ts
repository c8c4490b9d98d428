import { accessSync, constants, statfsSync } from "node:fs";
import { tmpdir } from "node:os";

const MEMORY = "/dev/shm";
// A lab copies about 60 MB, and several may run.
const ROOM_BYTES = 1024 ** 3;

/**
 * Where labs keep what they need while they run: where `TMPDIR` says; else in memory, where Linux offers that with
 * room to spare, since each start copies a database and disks differ a lot in how long that takes; else where the
 * system keeps temporary files.
 */
export function labTemporaryDirectory(environment: { readonly TMPDIR?: string | undefined }): string {
  const chosen = environment.TMPDIR !== undefined && environment.TMPDIR !== "";
  return !chosen && hasRoomInMemory() ? MEMORY : tmpdir();
}

function hasRoomInMemory(): boolean {
  try {
    accessSync(MEMORY, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ROOM_BYTES;
  } catch {
    // No such folder here, or not for us: the usual place serves.
    return false;
  }
}
