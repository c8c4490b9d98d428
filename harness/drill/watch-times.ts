import type { DrilledRule } from "./candidates.ts";
import type { RuleRequirements } from "./rule-requirements.ts";

/**
 * The time for a condition to become true, whatever the rule: a machine may be slow, a pool needs time
 * to fill. In ms of the lab.
 */
export const COMES_TRUE_WITHIN_MS = 12_000;
/** Room for the intervals of collection and evaluation, and for a clock that is not exact. */
const MARGIN_MS = 2_000;
/** A threshold may be an age (a feed that is two minutes old), which no range of the expression shows. */
const AGE_PRODUCTION_MS = 180_000;
/** When a condition stops holding, its `for` starts again; on a busy machine that happens more than once. */
const ATTEMPTS = 3;
/** The longest time that a drill waits for one rule. */
const LIMIT_MS = 600_000;
const QUIET_MARGIN_MS = 5_000;

/**
 * How long a rule may take to fire once its condition was confirmed, in ms of the lab: three times
 * what it waits for and looks back at. Infinite when that is too long for a drill: such a rule
 * needs a larger time scale.
 */
export function patienceMs({ forMs, reachMs }: RuleRequirements, timeScale: number): number {
  const waitsMs = (forMs + reachMs + AGE_PRODUCTION_MS) / timeScale;
  const patience = MARGIN_MS + ATTEMPTS * waitsMs;
  return patience <= LIMIT_MS ? patience : Number.POSITIVE_INFINITY;
}

/** How long the control is watched: long enough for the slowest rule that is drilled to have fired. */
export function quietMs(drilled: readonly DrilledRule[], timeScale: number): number {
  const waitsMs = drilled
    .filter(({ requirements }) => Number.isFinite(patienceMs(requirements, timeScale)))
    .map(({ requirements }) => (requirements.forMs + requirements.reachMs) / timeScale);
  return Math.max(0, ...waitsMs) + QUIET_MARGIN_MS;
}
