import { statfs } from "node:fs/promises";
import { KanitError, UnavailableError } from "../../core/index.ts";

const NO_SPACE = /ENOSPC|no space left on device/i;
// A process that fails because of a full disk often cannot log it: its log is on the same disk.
const LEAST_ROOM_BYTES = 2 * 1024 * 1024;

/** Turns whatever stopped a lab from starting into one error that says what to do. */
export async function explainStartFailure(error: unknown, labsDirectory: string): Promise<KanitError> {
  if (NO_SPACE.test(wholeMessage(error)) || (await roomBytes(labsDirectory)) < LEAST_ROOM_BYTES) {
    return new UnavailableError({
      code: "disk-full",
      message: `Expected disk space for a lab in ${labsDirectory}, but the disk is full.`,
      nextStep: "Free about 100 MB there, or point TMPDIR at a disk with that much space.",
      cause: error,
    });
  }
  if (error instanceof KanitError) return error;
  return new UnavailableError({
    code: "lab-not-started",
    message: `Expected the lab to start, got: ${error instanceof Error ? error.message : String(error)}.`,
    nextStep: `The logs of its processes are in its folder in ${labsDirectory}.`,
    cause: error,
  });
}

async function roomBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

function wholeMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.message} ${error.cause === undefined ? "" : wholeMessage(error.cause)}`;
}
