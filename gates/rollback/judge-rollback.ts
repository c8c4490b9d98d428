import { formatDuration } from "../../core/index.ts";
import type { UsersEnding } from "./await-users.ts";
import type { RollbackEnding, StepName } from "./rollback-entry.ts";
import type { RollbackState } from "./rollback-state.ts";

/** Facts of a rollback that has done what it could. */
export interface RollbackFacts {
  readonly state: RollbackState;
  /** The steps that it had to take. */
  readonly steps: readonly StepName[];
  readonly users: UsersEnding;
  readonly limitMs: number;
  /** By how much the machine's clock was set meanwhile. */
  readonly jumpedMs: number;
}

const JUMP_TOLERANCE_MS = 2_000;

/**
 * Judges a rollback. It passes when every step was done and users were well within the limit, counted from the request.
 * Pure.
 */
export function judgeRollback({ state, steps, users, limitMs, jumpedMs }: RollbackFacts): RollbackEnding {
  const tookMs = users.wellAtMs === null ? null : users.wellAtMs - state.request.atMs;
  const failures = [
    ...steps.flatMap((name) => {
      const step = state.steps.get(name);
      return step?.standing === "done" ? [] : [`${name} was not done: ${step?.what ?? "not begun"}`];
    }),
    ...(tookMs === null && users.last.standing === "ill"
      ? [`users were not well after ${formatDuration(limitMs)}: ${users.last.lines.join("; ")}`]
      : []),
    ...(tookMs !== null && tookMs > limitMs
      ? [`users were well after ${formatDuration(tookMs)}, which is more than ${formatDuration(limitMs)}`]
      : []),
  ];
  const doubts = [
    ...(tookMs === null && users.last.standing !== "ill"
      ? [`nobody knows whether users are well: ${users.last.lines.join("; ")}`]
      : []),
    ...((tookMs !== null && tookMs < 0) || Math.abs(jumpedMs) > JUMP_TOLERANCE_MS
      ? ["the clock of this machine was set meanwhile: how long it took is not known"]
      : []),
  ];
  const verdict = failures.length > 0 ? "fail" : doubts.length > 0 ? "inconclusive" : "pass";
  return { verdict, wellAtMs: users.wellAtMs, reasons: [...failures, ...doubts] };
}
