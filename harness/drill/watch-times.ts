import type { DrilledRule } from "./candidates.ts";
import type { RuleDemands } from "./rule-demands.ts";

/**
 * Time that a condition gets to come true, whatever the rule: a slow machine, a pool that fills up, in ms of the lab.
 */
export const COMES_TRUE_WITHIN_MS = 12_000;
/** Collections, evaluations, and a clock that is not exact. */
const MARGIN_MS = 2_000;
/** Ages that are part of a threshold are in no range of the expression: a feed that has to be two minutes old. */
const AGE_PRODUCTION_MS = 180_000;
/** A condition that is interrupted begins anew, on a busy machine more than once. */
const ATTEMPTS = 3;
/** Beyond this nobody waits for one rule. */
const LIMIT_MS = 600_000;
const QUIET_MARGIN_MS = 5_000;

/**
 * How long a rule gets to fire once its condition is seen, in ms of the lab: what it waits for and looks back at,
 * three times. Infinite when that is too long for a drill: such a rule needs a greater time scale.
 */
export function patienceMs({ forMs, reachMs }: RuleDemands, timeScale: number): number {
  const waitsMs = (forMs + reachMs + AGE_PRODUCTION_MS) / timeScale;
  const patience = MARGIN_MS + ATTEMPTS * waitsMs;
  return patience <= LIMIT_MS ? patience : Number.POSITIVE_INFINITY;
}

/** How long the control is watched: long enough for the slowest rule that is drilled to have fired. */
export function quietMs(drilled: readonly DrilledRule[], timeScale: number): number {
  const waitsMs = drilled
    .filter(({ demands }) => Number.isFinite(patienceMs(demands, timeScale)))
    .map(({ demands }) => (demands.forMs + demands.reachMs) / timeScale);
  return Math.max(0, ...waitsMs) + QUIET_MARGIN_MS;
}
