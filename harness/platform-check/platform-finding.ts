import type { Answer } from "../../api/index.ts";
import type { DataPath } from "../../core/index.ts";

/** What was found out about a part of a platform's definition. */
export interface PlatformFinding {
  /** The part of the definition that says it. */
  readonly part: DataPath;
  readonly state: "works" | "broken" | "not-applicable";
  readonly found: string;
  /** What to change; null where nothing has to be. */
  readonly fix: string | null;
}

export function works(part: DataPath, found: string): PlatformFinding {
  return { part, state: "works", found, fix: null };
}

export function broken(part: DataPath, found: string, fix: string): PlatformFinding {
  return { part, state: "broken", found, fix };
}

export function notApplicable(part: DataPath, found: string): PlatformFinding {
  return { part, state: "not-applicable", found, fix: null };
}

/** An answer in words: `refused, risk_block (HTTP 422 to POST /orders)`. */
export function answerInWords({ outcome, httpStatus, error, unreadable, sent }: Answer): string {
  const by =
    httpStatus === null ? `${sent.method} ${sent.path}` : `HTTP ${httpStatus} to ${sent.method} ${sent.path}`;
  const why = unreadable ?? error;
  return `${outcome}${why === null ? "" : `, ${why}`} (${by})`;
}

/** What to change when a question did not succeed. */
export function fixOf({ httpStatus, unreadable, error, sent }: Answer, part: DataPath): string {
  const name = part.join(".");
  if (sent.method === "driver") return "see what the driver answers, and its log";
  if (unreadable !== null) return `correct the mapping of ${name}`;
  if (httpStatus === null) return `the request had no answer (${error ?? "unknown"}): see the platform's log`;
  if (httpStatus === 404 || httpStatus === 405) return `correct path and method of ${name}`;
  if (httpStatus === 400 || httpStatus === 415 || httpStatus === 422)
    return `correct body and headers of ${name}`;
  return `see the platform's log for ${sent.method} ${sent.path}`;
}
