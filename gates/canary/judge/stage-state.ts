import type { CanaryShareRecord, CanarySignalRecord } from "../../../evidence/index.ts";
import type { CanaryPlan, CanaryStage } from "../plan/canary-plan.ts";
import { neededSamples } from "../plan/needed-samples.ts";
import { CANARY_SIGNALS } from "./canary-signal.ts";
import type { CanaryLook } from "./growth.ts";
import { addShare, judgeShare, NEW_SHARE, type ShareState } from "./judge-share.ts";
import { judgeSignal, type SignalRules } from "./judge-signal.ts";
import { addLook, NEW_SIGNAL, type SignalState } from "./signal-state.ts";

/** Tests of each signal: against the stable, and against its limit. */
const TESTS_OF_A_SIGNAL = 2;

/** All that a stage has measured so far. Each stage begins anew, since another load may bring other faults. */
export interface StageState {
  readonly looks: number;
  readonly signals: Readonly<Record<string, SignalState>>;
  readonly share: ShareState;
  /** How often processes of the candidate and of the stable started again. */
  readonly restarts: { readonly candidate: number; readonly stable: number };
  /** Signals that have failed. What failed once stays failed. */
  readonly failed: Readonly<Record<string, CanarySignalRecord>>;
}

/** A stage that has just begun. */
export const NEW_STAGE: StageState = {
  looks: 0,
  signals: {},
  share: NEW_SHARE,
  restarts: { candidate: 0, stable: 0 },
  failed: {},
};

/** The verdicts after a look. */
export interface StageVerdicts {
  readonly signals: readonly CanarySignalRecord[];
  readonly share: CanaryShareRecord;
  /** Whether the latest look measured nothing of the candidate. */
  readonly isBlind: boolean;
}

/** The evidence at which each test decides, so that all of them together keep the plan's rate of false alarms. */
export function logThresholdOf({ falseAlarmRate, stages }: CanaryPlan): number {
  const tests = stages.length * CANARY_SIGNALS.length * TESTS_OF_A_SIGNAL;
  return Math.log(tests / falseAlarmRate);
}

/** The samples that each signal needs in a stage, as they are printed before it begins. */
export function neededInStage(
  plan: CanaryPlan,
  { sharePercent }: CanaryStage,
): Readonly<Record<string, number>> {
  const logThreshold = logThresholdOf(plan);
  return Object.fromEntries(
    CANARY_SIGNALS.map((signal) => {
      const needed = plan.samples[signal.id] ?? neededSamples(signal, sharePercent, logThreshold);
      // Looks come as often in a rehearsal as they do otherwise.
      const part = signal.source.kind === "gauge" ? 1 : plan.rehearsedPart;
      return [signal.id, Math.ceil(needed * part)];
    }),
  );
}

/** Adds a look to a stage, and judges it. Pure. */
export function judgeLook(
  state: StageState,
  look: CanaryLook,
  plan: CanaryPlan,
  stage: CanaryStage,
): { readonly state: StageState; readonly verdicts: StageVerdicts } {
  const signals = Object.fromEntries(
    CANARY_SIGNALS.map((signal) => [
      signal.id,
      addLook(signal, state.signals[signal.id] ?? NEW_SIGNAL, look),
    ]),
  );
  const needed = neededInStage(plan, stage);
  const logThreshold = logThresholdOf(plan);
  const judged = CANARY_SIGNALS.map((signal) => {
    const rules: SignalRules = {
      logThreshold,
      needed: needed[signal.id] ?? Number.POSITIVE_INFINITY,
      isCritical: plan.critical.includes(signal.id),
      isCompared: stage.sharePercent < 100,
    };
    const before = state.failed[signal.id];
    return before ?? judgeSignal(signal, signals[signal.id] ?? NEW_SIGNAL, rules);
  });
  const share = addShare(state.share, look, stage.sharePercent);
  return {
    state: {
      looks: state.looks + 1,
      signals,
      share,
      restarts: {
        candidate: state.restarts.candidate + countOf(look.candidate.restarts),
        stable: state.restarts.stable + countOf(look.stable.restarts),
      },
      failed: Object.fromEntries(
        judged.filter(({ verdict }) => verdict === "fail").map((each) => [each.id, each]),
      ),
    },
    verdicts: {
      signals: judged,
      share: judgeShare(share, stage.sharePercent),
      isBlind: isBlind(signals, share),
    },
  };
}

function isBlind(signals: StageState["signals"], { silentLooks, starvedLooks }: ShareState): boolean {
  return silentLooks + starvedLooks > 0 || Object.values(signals).every(({ unknown }) => unknown !== null);
}

function countOf(restarts: CanaryLook["candidate"]["restarts"]): number {
  return restarts.kind === "measured" ? restarts.value : 0;
}
