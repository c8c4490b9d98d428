import { accessSync, constants, statfsSync } from "node:fs";
import { tmpdir } from "node:os";

const MEMORY = "/dev/shm";
// A lab copies about 60 MB, and several may run.
const ROOM_BYTES = 1024 ** 3;

/**
 * The folder for a running lab's files: `TMPDIR` if set; otherwise in memory, if Linux offers that with room
 * to spare, since each start copies a database and disks differ a lot in speed; otherwise the system's
 * folder for temporary files.
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
    // There is no such folder, or no access to it: the system's folder is used.
    return false;
  }
}
