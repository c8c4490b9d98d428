import type { CheckRecord } from "../../evidence/index.ts";
import type { Expectation } from "../experiment/scenario.ts";
import { check, type WhenEmpty } from "../judging/check.ts";
import type { FinalState } from "../observation/final-state.ts";
import type { Invariant } from "./invariant.ts";
import { INVARIANTS, type InvariantName } from "./registry.ts";

/** Checks one invariant. Pure, and never throws: a check that throws is inconclusive. */
export function checkInvariant(
  name: InvariantName,
  state: FinalState,
  whenEmpty: WhenEmpty = "inconclusive",
): CheckRecord {
  const invariant: Invariant = INVARIANTS[name];
  const question = { kind: "invariant", name, basis: "count", expected: invariant.statement } as const;
  return check(question, () => invariant.check(state), whenEmpty);
}

/**
 * Checks the invariants for which the platform's definition has the data. One that may be empty passes when
 * there is nothing to check.
 */
export function checkInvariants(
  { invariants, mayBeEmpty }: Pick<Expectation, "invariants" | "mayBeEmpty">,
  state: FinalState,
): readonly CheckRecord[] {
  return invariants
    .filter((name) => {
      const invariant: Invariant = INVARIANTS[name];
      return invariant.appliesTo?.(state) ?? true;
    })
    .map((name) => checkInvariant(name, state, mayBeEmpty.includes(name) ? "as-expected" : "inconclusive"));
}
