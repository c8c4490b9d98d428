import type { CheckRecord } from "../../evidence/index.ts";
import { check } from "../judging/check.ts";
import type { FinalState } from "../observation/final-state.ts";
import type { Invariant } from "./invariant.ts";
import { INVARIANTS, type InvariantName } from "./registry.ts";

/** Checks one invariant. Pure, and never throws: a check that throws is inconclusive. */
export function checkInvariant(name: InvariantName, state: FinalState): CheckRecord {
  const invariant: Invariant = INVARIANTS[name];
  return check({ kind: "invariant", name, basis: "count", expected: invariant.statement }, () =>
    invariant.check(state),
  );
}

/** Checks those invariants that the platform's definition has the data for. */
export function checkInvariants(names: readonly InvariantName[], state: FinalState): readonly CheckRecord[] {
  return names
    .filter((name) => {
      const invariant: Invariant = INVARIANTS[name];
      return invariant.appliesTo?.(state) ?? true;
    })
    .map((name) => checkInvariant(name, state));
}
