import type { Verdict } from "../../core/index.ts";

/** How much may be lost, and how long it may take until there is a database again. */
export interface RecoveryObjectives {
  readonly pointMs: number;
  readonly timeMs: number;
}

/** What a drill measured. Null where nothing was there to measure it by. */
export interface MeasuredRecovery {
  readonly pointMs: number | null;
  /** The slowest of the restores. */
  readonly timeMs: number | null;
}

/** A recovery point or a recovery time, compared with what is allowed. */
export interface JudgedObjective {
  readonly name: "recovery point" | "recovery time";
  readonly measuredMs: number | null;
  readonly allowedMs: number;
  readonly verdict: Verdict;
}

/** Judges a drill by the objectives of the release. What was not measured is inconclusive. */
export function judgeObjectives(
  measured: MeasuredRecovery,
  allowed: RecoveryObjectives,
): readonly JudgedObjective[] {
  return [
    judged("recovery point", measured.pointMs, allowed.pointMs),
    judged("recovery time", measured.timeMs, allowed.timeMs),
  ];
}

function judged(
  name: JudgedObjective["name"],
  measuredMs: number | null,
  allowedMs: number,
): JudgedObjective {
  const verdict = measuredMs === null ? "inconclusive" : measuredMs <= allowedMs ? "pass" : "fail";
  return { name, measuredMs, allowedMs, verdict };
}
