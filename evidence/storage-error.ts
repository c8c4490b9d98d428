import { UnavailableError } from "../core/index.ts";

const FULL_CODES: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** The operating system's code of an error (`ENOSPC`), or `unknown`. */
export function systemCodeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "unknown";
}

/** The error for evidence that was not written: `disk-full`, or `evidence-not-written` for another reason. */
export function storageErrorOf(path: string, cause: unknown): UnavailableError {
  const code = systemCodeOf(cause);
  if (FULL_CODES.has(code)) {
    return new UnavailableError({
      code: "disk-full",
      message: `Expected disk space for evidence in ${path}, got ${code}: the disk or quota is full.`,
      nextStep: "Free some space, or point the run at another folder, and run it again.",
      cause,
    });
  }
  return new UnavailableError({
    code: "evidence-not-written",
    message: `Expected to write evidence to ${path}, got ${code}.`,
    nextStep: "Check that the folder exists and can be written by this user.",
    cause,
  });
}
