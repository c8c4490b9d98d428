import { readdir } from "node:fs/promises";
import { UsageError } from "../core/index.ts";
import { storageErrorOf, systemCodeOf } from "../evidence/index.ts";

const RELEASE = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$/;
const GREATEST_ATTEMPT = 9_999;

/**
 * Checks the name of a release, since it becomes part of file names.
 *
 * @throws UsageError `bad-release`.
 */
export function checkRelease(release: string): string {
  if (RELEASE.test(release)) return release;
  throw new UsageError({
    code: "bad-release",
    message: `Expected the name of a release, got ${JSON.stringify(release)}.`,
    nextStep: "Use letters, digits, dots and dashes: v1.4.0.",
  });
}

/**
 * The name of an archive. What is sealed is never written again: the second attempt at a release has an archive of its
 * own, whose name no release can have.
 */
export function archiveName(release: string, attempt: number): string {
  return attempt === 1 ? release : `${release}@${attempt}`;
}

/** The number of the newest archive of a release; 0 when there is none. */
export async function newestAttempt(root: string, release: string): Promise<number> {
  let names: readonly string[];
  try {
    names = await readdir(root);
  } catch (cause) {
    if (systemCodeOf(cause) === "ENOENT") return 0;
    throw storageErrorOf(root, cause);
  }
  const attempts = names.map((name) => {
    if (name === release) return 1;
    const [base, digits = ""] = name.split("@");
    return base === release && /^[1-9]\d{0,3}$/.test(digits) ? Number(digits) : 0;
  });
  return Math.min(Math.max(0, ...attempts), GREATEST_ATTEMPT);
}
