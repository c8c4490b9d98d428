import type { CheckRecord, NotApplicable } from "../../evidence/index.ts";
import type { Expectation } from "../experiment/scenario.ts";
import { check, type WhenEmpty } from "../judging/check.ts";
import type { FinalState } from "../observation/final-state.ts";
import type { Invariant } from "./invariant.ts";
import { ALL_INVARIANTS, INVARIANTS, type InvariantName } from "./registry.ts";

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

function missedInvariant(name: InvariantName, missing: string): CheckRecord {
  const expected = (INVARIANTS[name] as Invariant).statement;
  return check({ kind: "invariant", name, basis: "count", expected }, () => ({
    verdict: "inconclusive",
    received: `the platform lacks ${missing}`,
    judgedBy: { count: 0, noun: "row" },
  }));
}

/** The checks of those invariants that apply to a platform, and what the others need that it lacks. */
interface CheckedInvariants {
  readonly checks: readonly CheckRecord[];
  readonly notApplicable: readonly NotApplicable[];
}

/**
 * Checks the invariants for which the platform has the data. One that may be empty passes when there is nothing to
 * check. One that the scenario names, instead of taking all there are, was asked for: without the data it is
 * inconclusive.
 */
export function checkInvariants(
  { invariants, mayBeEmpty }: Pick<Expectation, "invariants" | "mayBeEmpty">,
  state: FinalState,
): CheckedInvariants {
  const needs = (name: InvariantName) => (INVARIANTS[name] as Invariant).needs?.(state) ?? null;
  const areNamed = invariants.length < ALL_INVARIANTS.length;
  const missed = areNamed ? invariants.filter((name) => needs(name) !== null) : [];
  return {
    checks: [
      ...invariants
        .filter((name) => needs(name) === null)
        .map((name) =>
          checkInvariant(name, state, mayBeEmpty.includes(name) ? "as-expected" : "inconclusive"),
        ),
      ...missed.map((name) => missedInvariant(name, needs(name) ?? "")),
    ],
    notApplicable: invariants.flatMap((name) => {
      const missing = needs(name);
      return missing === null ? [] : [{ what: name, needs: missing }];
    }),
  };
}
