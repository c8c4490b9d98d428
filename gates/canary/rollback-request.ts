import { formatDuration } from "../../core/index.ts";

/** Why a canary is rolled back. */
export interface RollbackReason {
  /** The name of the stage, which is its share in percent: `5`. */
  readonly stage: string;
  /** One sentence: `HighErrorRate fires`. */
  readonly reason: string;
  /** The golden signals and triggers that failed, by their names; none where too little was measured. */
  readonly failed: readonly string[];
  /** When the decision was made. */
  readonly atMs: number;
}

/** What a rollback achieved, as users see it. */
export type RollbackOutcome =
  | { readonly kind: "recovered"; readonly startedAtMs: number; readonly recoveredAtMs: number }
  | { readonly kind: "not-recovered"; readonly startedAtMs: number; readonly why: string };

/** Rolls a canary back. The judge calls it once and never starts another one itself. */
export type RollBack = (reason: RollbackReason) => Promise<RollbackOutcome>;

/** Returns what a person types to roll the canary back for this reason. */
export function rollbackCommand(release: string, { reason, stage }: RollbackReason): string {
  const quoted = `'${reason.replaceAll("'", "'\\''")}'`;
  return `kanit rollback ${release} --reason ${quoted} --stage ${stage}`;
}

/** Returns what a rollback achieved, in one line. */
export function describeRollback(outcome: RollbackOutcome): string {
  if (outcome.kind === "not-recovered") return `users are not well again: ${outcome.why}`;
  return `users were well again after ${formatDuration(outcome.recoveredAtMs - outcome.startedAtMs)}`;
}
