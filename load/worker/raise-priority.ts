import { constants, setPriority } from "node:os";

/**
 * Raises the calling thread's priority, so that a busy machine delays the platform under test and not the
 * clock that measures it. On Linux a niceness belongs to a thread and is inherited by the threads that it
 * starts. Returns whether it was granted, which usually needs a privilege. Without it, the generator's lag
 * shows the machine's influence.
 */
export function raisePriority(): boolean {
  if (process.platform !== "linux") return false;
  try {
    setPriority(0, constants.priority.PRIORITY_HIGHEST);
    return true;
  } catch (error) {
    // Node puts the reason into `info`; `code` says only that a system call failed.
    const refusal = (error as { info?: { code?: string } }).info?.code;
    if (refusal === "EACCES" || refusal === "EPERM") return false;
    throw error;
  }
}
