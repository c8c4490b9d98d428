import { KanitError, UnavailableError } from "../../core/index.ts";

const NO_SPACE = /ENOSPC|no space left on device/i;

/** Turns whatever stopped a lab from starting into one error that says what to do. */
export function explainStartFailure(error: unknown, directory: string): KanitError {
  if (NO_SPACE.test(wholeMessage(error))) {
    return new UnavailableError({
      code: "disk-full",
      message: `Expected room for a lab in ${directory}, but the disk is full.`,
      nextStep: "Free about 100 MB there, or point TMPDIR at a disk that has them.",
      cause: error,
    });
  }
  if (error instanceof KanitError) return error;
  return new UnavailableError({
    code: "lab-not-started",
    message: `Expected the lab to start, got: ${error instanceof Error ? error.message : String(error)}.`,
    nextStep: "Run it again with the log level raised: KANIT_LOG=debug.",
    cause: error,
  });
}

function wholeMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stderr = "stderr" in error ? String(error.stderr) : "";
  return `${error.message} ${stderr} ${error.cause === undefined ? "" : wholeMessage(error.cause)}`;
}
