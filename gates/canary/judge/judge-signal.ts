import type { Verdict } from "../../../core/index.ts";
import { type CanaryArmRecord, type CanarySignalRecord, canaryValue } from "../../../evidence/index.ts";
import { estimateOf, intervalOf, logEvidenceAbove } from "../statistics/evidence.ts";
import { probabilityOfSlower } from "../statistics/rank-evidence.ts";
import { type CanarySignal, limitOf, queriesOf } from "./canary-signal.ts";
import type { Growth } from "./growth.ts";
import { sampleNameOf, samplesOf, signalValue } from "./growth-value.ts";
import type { SignalState } from "./signal-state.ts";

/** How a signal is judged in a stage. */
export interface SignalRules {
  /** The evidence at which a test decides: log(1/α), of the α that this test got. */
  readonly logThreshold: number;
  /** Samples of the candidate without which it cannot pass. */
  readonly needed: number;
  readonly isCritical: boolean;
  /** False when all traffic goes to the candidate, so that nobody is left to compare with. */
  readonly isCompared: boolean;
}

/** A gauge that is over its limit for so many looks in a row is no blip. */
const LOOKS_OVER = 2;
/** A stage in which more looks than these failed was not watched. */
const MOST_UNKNOWN = 0.1;
/** From here on the effect size of a rank test counts as medium (Vargha and Delaney). */
const MEDIUM_EFFECT = 0.64;

/** A finding of one of the tests, in a sentence. */
type Finding = { readonly verdict: Verdict; readonly reason: string };

/** Judges a signal by all that its stage has measured so far. Pure, and at any time. */
export function judgeSignal(
  signal: CanarySignal,
  state: SignalState,
  rules: SignalRules,
): CanarySignalRecord {
  const { verdict, reason } =
    limitFailure(signal, state, rules) ??
    comparisonFailure(signal, state, rules) ??
    incompleteness(signal, state, rules) ??
    keptLimit(signal, state, rules);
  const limit = limitOf(signal);
  return {
    ...{ id: signal.id, title: signal.title, unit: signal.unit, verdict, reason },
    isCritical: rules.isCritical,
    queries: queriesOf(signal),
    stable: armRecord(signal, state.stable, state),
    candidate: armRecord(signal, state.candidate, state),
    sampleName: sampleNameOf(signal),
    needed: rules.needed,
    statistic: statisticOf(signal, state, rules),
    factor: factorOf(state, rules),
    limitValue: limit,
    limit:
      limit === null
        ? `at most ${signal.limit.kind === "at-most-times-baseline" ? signal.limit.factor : 1} times the stable's`
        : `${signal.limit.kind === "below" ? "below" : "at most"} ${shownValue(signal, limit)}`,
  };
}

function limitFailure(
  signal: CanarySignal,
  state: SignalState,
  { logThreshold, isCompared }: SignalRules,
): Finding | null {
  const limit = limitOf(signal);
  const value = signalValue(signal, state.candidate);
  if (limit === null || value === null) return null;
  const isProved =
    state.looksOver >= LOOKS_OVER || (value > limit && logEvidenceAbove(state.limit) >= logThreshold);
  if (!isProved || illStable(signal, state, isCompared) !== null) return null;
  return {
    verdict: "fail",
    reason: `${signal.title} ${shownValue(signal, value)} is beyond the limit of ${shownValue(signal, limit)}`,
  };
}

/**
 * Returns the stable's value where it is beyond the limit itself; null where it is sound. What is beyond it together
 * with the stable no rollback would cure, and what hides in the noise of an ill stable is not shown to be sound.
 */
function illStable(signal: CanarySignal, state: SignalState, isCompared: boolean): number | null {
  const [limit, stable] = [limitOf(signal), signalValue(signal, state.stable)];
  return isCompared && limit !== null && stable !== null && stable > limit ? stable : null;
}

function comparisonFailure(signal: CanarySignal, state: SignalState, rules: SignalRules): Finding | null {
  if (!rules.isCompared || logEvidenceAbove(state.comparison) < rules.logThreshold) return null;
  const [candidate, stable] = [signalValue(signal, state.candidate), signalValue(signal, state.stable)];
  if (candidate === null || stable === null) return null;
  const { ratio, difference } = signal.tolerance;
  const isLarge = candidate >= stable * ratio && candidate - stable >= difference;
  if (!isLarge && !(effectOf(state) >= MEDIUM_EFFECT)) return null;
  return {
    verdict: "fail",
    reason: `${signal.title} ${shownValue(signal, candidate)} is worse than the stable's ${shownValue(signal, stable)} at the same time`,
  };
}

function incompleteness(signal: CanarySignal, state: SignalState, rules: SignalRules): Finding | null {
  const unclear = (reason: string): Finding => ({ verdict: "inconclusive", reason });
  if (state.unknown !== null) return unclear(`${signal.title} is unknown: ${state.unknown}`);
  if (state.looks === 0) return unclear(`${signal.title} was not measured yet`);
  if (state.unknownLooks > MOST_UNKNOWN * state.looks) {
    return unclear(`${signal.title} was unknown in ${state.unknownLooks} of ${state.looks} looks`);
  }
  const samples = armRecord(signal, state.candidate, state).samples;
  const name = sampleNameOf(signal);
  if (samples < rules.needed)
    return unclear(`${signal.title} has ${samples} of ${rules.needed} needed ${name}`);
  if (rules.isCompared && armRecord(signal, state.stable, state).samples === 0) {
    return unclear(`${signal.title}: the stable has no ${name} to compare with`);
  }
  return null;
}

/** Enough was measured, and nothing is proved against it. A value beyond its limit by chance does not pass either. */
function keptLimit(signal: CanarySignal, state: SignalState, rules: SignalRules): Finding {
  const value = signalValue(signal, state.candidate);
  const limit = limitOf(signal);
  if (value === null) return { verdict: "inconclusive", reason: `${signal.title} has no value` };
  const ill = illStable(signal, state, rules.isCompared);
  const isBetter = (factorOf(state, rules)?.high ?? Number.POSITIVE_INFINITY) < 1;
  if (ill !== null && !isBetter) {
    const shown = `${signal.title} ${shownValue(signal, value)} is not shown to differ`;
    return {
      verdict: "inconclusive",
      reason: `${shown} from the stable's ${shownValue(signal, ill)}, which is beyond the limit itself`,
    };
  }
  const isKept = limit === null || (signal.limit.kind === "below" ? value < limit : value <= limit);
  if (!isKept) {
    return {
      verdict: "inconclusive",
      reason: `${signal.title} ${shownValue(signal, value)} is beyond its limit, which may be chance`,
    };
  }
  const compared = rules.isCompared
    ? "no worse than the stable"
    : "within its limit, with nothing to compare";
  return { verdict: "pass", reason: `${signal.title} ${shownValue(signal, value)} is ${compared}` };
}

function armRecord(signal: CanarySignal, growth: Growth | null, state: SignalState): CanaryArmRecord {
  const known = state.looks - state.unknownLooks;
  const samples = growth?.kind === "gauge" ? known : samplesOf(growth);
  return { samples, value: signalValue(signal, growth) };
}

function statisticOf(
  signal: CanarySignal,
  state: SignalState,
  { logThreshold, isCompared }: SignalRules,
): string {
  if (signal.source.kind === "gauge") {
    return `${state.looksOver} looks in a row over the limit while the stable is not, fails from ${LOOKS_OVER}`;
  }
  const test = signal.source.kind === "durations" ? "log-rank test" : "exact conditional test";
  const decades = (log: number) => (log / Math.LN10).toFixed(1);
  const effect = effectOf(state);
  const parts = [
    isCompared
      ? `${test} 10^${decades(logEvidenceAbove(state.comparison))} against the stable`
      : "no comparison",
    ...(limitOf(signal) === null ? [] : [`10^${decades(logEvidenceAbove(state.limit))} against the limit`]),
    ...(Number.isNaN(effect) ? [] : [`slower than the stable in ${(100 * effect).toFixed(1)} % of pairs`]),
  ];
  return `${parts.join(", ")}; fails from 10^${decades(logThreshold)}`;
}

function factorOf(
  state: SignalState,
  { isCompared, logThreshold }: SignalRules,
): CanarySignalRecord["factor"] {
  if (!isCompared || state.comparison.every((value) => value === 0)) return null;
  // Each end alone at the level of the test, so that the interval leaves 1 out exactly when the test decides.
  return {
    estimate: estimateOf(state.comparison),
    ...intervalOf(state.comparison, 2 * Math.exp(-logThreshold)),
  };
}

function effectOf({ candidate, stable }: SignalState): number {
  if (candidate?.kind !== "durations" || stable?.kind !== "durations") return Number.NaN;
  return probabilityOfSlower(candidate.histogram, stable.histogram);
}

function shownValue({ unit }: Pick<CanarySignal, "unit">, value: number): string {
  return canaryValue(unit, value);
}
