import { formatDuration, type Verdict } from "../../core/index.ts";
import { type Check, evidenceNames } from "./check.ts";
import type { Observation } from "./observation.ts";
import type { Commit } from "./target.ts";

/** Data from later than now by more than this were made by another clock. */
const CLOCK_TOLERANCE_MS = 2_000;
const SHOWN_NAMES = 5;

/** What the engine knows besides the observation. */
export interface JudgingFacts {
  readonly nowMs: number;
  /** Its evidence is named after it. */
  readonly release: string;
  /** The evidence must be newer than it; null where there is no repository. */
  readonly commit: Commit | null;
  /** Whether a drill saw the check fail. */
  readonly wasSeenRed: boolean;
}

/** A verdict, and why it is none better, one line for each reason. */
export interface Judgment {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
}

/**
 * Judges what a check found. Pure. The five ways in which a gate passes silently are decided here, for every check: no
 * data, stale data, a missing part, something that was asked for and did not happen, a check that was never seen red.
 */
export function judgeObservation(check: Check, found: Observation, facts: JudgingFacts): Judgment {
  const doubts = [
    ...noData(check, found, facts),
    ...staleData(check, found, facts),
    ...missingPart(found),
    ...didNotHappen(found),
    ...neverSeenRed(check, facts),
    ...found.unclear,
  ];
  const reasons = [...found.violations, ...doubts];
  if (found.violations.length > 0) return { verdict: "fail", reasons };
  return { verdict: doubts.length > 0 ? "inconclusive" : "pass", reasons };
}

function noData(
  check: Check,
  { examined, texts }: Observation,
  { release }: JudgingFacts,
): readonly string[] {
  const empty = evidenceNames(check, release).filter((_, index) => (texts[index] ?? "").trim() === "");
  return [
    ...(examined.length === 0 ? ["no data: nothing was examined"] : []),
    ...(empty.length > 0 ? [`no data for ${list(empty)}`] : []),
  ];
}

function staleData(
  { maxAgeMs }: Check,
  { asOfMs }: Observation,
  { nowMs, commit }: JudgingFacts,
): readonly string[] {
  if (!Number.isFinite(asOfMs)) return ["stale data: the time of the data is unknown"];
  const ageMs = nowMs - asOfMs;
  if (ageMs < -CLOCK_TOLERANCE_MS) {
    return [`the data are from ${formatDuration(-ageMs)} in the future: a clock is wrong`];
  }
  return [
    ...(ageMs > maxAgeMs
      ? [`stale data: ${formatDuration(ageMs)} old, at most ${formatDuration(maxAgeMs)} counts`]
      : []),
    ...(commit !== null && asOfMs < commit.committedAtMs
      ? ["stale data: older than the commit under release"]
      : []),
  ];
}

function missingPart({ expected, examined }: Observation): readonly string[] {
  const missing = expected.filter((name) => !examined.includes(name));
  return missing.length === 0 ? [] : [`${missing.length} of ${expected.length} missing: ${list(missing)}`];
}

function didNotHappen({ acts }: Observation): readonly string[] {
  return acts
    .filter(({ asked, happened }) => asked <= 0 || happened < asked)
    .map(({ what, asked, happened }) => `${what}: ${happened} of ${asked} happened`);
}

function neverSeenRed({ id }: Check, { wasSeenRed }: JudgingFacts): readonly string[] {
  return wasSeenRed ? [] : [`never seen red: no drill has seen ${id} fail as it is written now`];
}

function list(names: readonly string[]): string {
  const more = names.length - SHOWN_NAMES;
  return `${names.slice(0, SHOWN_NAMES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
