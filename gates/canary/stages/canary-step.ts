import { formatDuration } from "../../../core/index.ts";
import type { StageVerdicts } from "../judge/stage-state.ts";
import type { CanaryPlan, CanaryStage } from "../plan/canary-plan.ts";

/** Where a canary is. */
export interface CanaryPosition {
  readonly stageIndex: number;
  /** When the share of the stage was set. */
  readonly enteredAtMs: number;
  /** Since when nothing could be measured; null while something is. */
  readonly blindSinceMs: number | null;
}

/** What is known at a look. Times are those of production: a time scale is already in them. */
export interface CanaryObservation extends StageVerdicts {
  readonly atMs: number;
  /** Rollback triggers that fire on the candidate. */
  readonly firing: readonly string[];
  /** Triggers that have no data, so that their silence says nothing. */
  readonly blindTriggers: readonly string[];
  readonly restarts: { readonly candidate: number; readonly stable: number };
}

/** What to do next, and why. */
export interface CanaryDecision {
  readonly kind: "wait" | "advance" | "finish" | "hold" | "roll-back";
  readonly reason: string;
  /** The signals and triggers that failed. */
  readonly failed: readonly string[];
}

/** From so many starts on it is a loop; a single one may be the machine's fault, and only keeps from advancing. */
const CRASH_LOOP = 2;

/**
 * Decides what follows from a look. Pure: the same position and observation always lead to the same decision.
 *
 * In this order: a trigger that fires, a critical signal that failed or a crash loop rolls back at once; a judge that
 * has been blind for too long ends the canary; then a stage lasts its duration; any signal that failed rolls back;
 * all passed advances; what is inconclusive waits, up to the longest time, and then holds or rolls back as the plan
 * says.
 */
export function decide(
  plan: CanaryPlan,
  position: CanaryPosition,
  observation: CanaryObservation,
): { readonly position: CanaryPosition; readonly decision: CanaryDecision } {
  const stage = stageAt(plan, position);
  const blindSinceMs = observation.isBlind ? (position.blindSinceMs ?? observation.atMs) : null;
  const now = { ...position, blindSinceMs };
  return { position: now, decision: decisionOf(plan, stage, now, observation) };
}

/** The stage of a position. */
function stageAt({ stages }: CanaryPlan, { stageIndex }: CanaryPosition): CanaryStage {
  const stage = stages[stageIndex];
  if (stage === undefined) throw new RangeError(`expected a stage below ${stages.length}, got ${stageIndex}`);
  return stage;
}

function decisionOf(
  plan: CanaryPlan,
  stage: CanaryStage,
  position: CanaryPosition,
  observation: CanaryObservation,
): CanaryDecision {
  const { atMs } = observation;
  const elapsedMs = atMs - position.enteredAtMs;
  const urgent = urgentFailure(observation);
  if (urgent !== null) return urgent;
  const blindMs = position.blindSinceMs === null ? 0 : atMs - position.blindSinceMs;
  if (blindMs > plan.longestBlindMs) {
    return inconclusive(
      plan,
      `nothing was measured for ${formatDuration(blindMs)}: ${openReason(observation) ?? ""}`,
    );
  }
  const open = openReason(observation, stage, plan);
  if (elapsedMs < stage.durationMs) {
    const left = `stage ${stage.name} % for ${formatDuration(elapsedMs)} of ${formatDuration(stage.durationMs)}`;
    return { kind: "wait", reason: open === null ? left : `${left}; ${open}`, failed: [] };
  }
  const failed = observation.signals.filter(({ verdict }) => verdict === "fail");
  if (failed.length > 0) {
    return { kind: "roll-back", reason: failed[0]?.reason ?? "", failed: failed.map(({ id }) => id) };
  }
  if (open === null) {
    const isLast = position.stageIndex === plan.stages.length - 1;
    const reason = `all ${observation.signals.length} signals pass at ${stage.name} %`;
    return { kind: isLast ? "finish" : "advance", reason, failed: [] };
  }
  if (elapsedMs < stage.longestMs) return { kind: "wait", reason: open, failed: [] };
  return inconclusive(
    plan,
    `stage ${stage.name} % is inconclusive after ${formatDuration(elapsedMs)}: ${open}`,
  );
}

function urgentFailure({ firing, signals, restarts }: CanaryObservation): CanaryDecision | null {
  if (firing.length > 0) return { kind: "roll-back", reason: `${firing.join(", ")} fires`, failed: firing };
  const critical = signals.filter(({ verdict, isCritical }) => verdict === "fail" && isCritical);
  if (critical.length > 0) {
    return { kind: "roll-back", reason: critical[0]?.reason ?? "", failed: critical.map(({ id }) => id) };
  }
  if (restarts.candidate < CRASH_LOOP || restarts.candidate <= restarts.stable) return null;
  return {
    kind: "roll-back",
    reason: `the candidate started again ${restarts.candidate} times, the stable ${restarts.stable} times`,
    failed: ["restarts"],
  };
}

function inconclusive({ whenInconclusive }: CanaryPlan, reason: string): CanaryDecision {
  return { kind: whenInconclusive === "hold" ? "hold" : "roll-back", reason, failed: [] };
}

/** Returns the first reason for which a stage may not advance yet; null when there is none. */
function openReason(observation: CanaryObservation, stage?: CanaryStage, plan?: CanaryPlan): string | null {
  const { signals, share, blindTriggers, restarts } = observation;
  if (share.verdict !== "pass") return share.reason;
  const open = signals.find(({ verdict }) => verdict !== "pass");
  if (open !== undefined) return open.reason;
  const unwatched = blindTriggers.filter((name) => plan?.withoutTriggers.includes(name) !== true);
  if (unwatched.length > 0) return `no data for ${unwatched.join(", ")}`;
  if (restarts.candidate > 0) return `the candidate started again during stage ${stage?.name ?? ""} %`;
  return null;
}
