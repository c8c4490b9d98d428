import type { Finding } from "../evidence/index.ts";

/** What can be found out about an archive, for programs. */
export type FindingCode =
  | "approval"
  | "changed"
  | "chain"
  | "duplicate"
  | "empty"
  | "extra"
  | "interrupted"
  | "keys"
  | "missing"
  | "other-release"
  | "sealed"
  | "signature"
  | "sound"
  | "stale"
  | "unreadable"
  | "unsealed";

/** One thing that was found out about an archive. */
export interface ReleaseFinding extends Finding {
  readonly code: FindingCode;
}

/** A finding that something is as it has to be. */
export function sound(code: FindingCode, line: string): ReleaseFinding {
  return { verdict: "pass", code, line };
}

/** A finding that something is not as it has to be. */
export function broken(code: FindingCode, line: string): ReleaseFinding {
  return { verdict: "fail", code, line };
}

/** A finding that leaves open whether something is as it has to be. */
export function open(code: FindingCode, line: string): ReleaseFinding {
  return { verdict: "inconclusive", code, line };
}
