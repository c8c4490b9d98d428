import { describe, expect, it } from "vitest";
import { checkInvariant } from "../invariants/check-invariant.ts";
import { soundState } from "../invariants/final-state-fixture.ts";
import { ALL_INVARIANTS } from "../invariants/registry.ts";
import type { FinalState } from "../observation/final-state.ts";
import { check } from "./check.ts";

const QUESTION = { kind: "invariant", name: "none", basis: "count", expected: "nothing" } as const;

describe("a check", () => {
  it("records its question and its finding", () => {
    const judgedBy = { count: 3, noun: "order" };
    expect(check(QUESTION, () => ({ verdict: "pass", received: "nothing", judgedBy }))).toEqual({
      ...QUESTION,
      verdict: "pass",
      received: "nothing",
      judgedBy,
      orders: [],
    });
  });

  it("is inconclusive when it looked at nothing, whatever it found", () => {
    const judgedBy = { count: 0, noun: "order" };
    for (const verdict of ["pass", "fail"] as const) {
      expect(check(QUESTION, () => ({ verdict, received: "nothing wrong", judgedBy }))).toMatchObject({
        verdict: "inconclusive",
        received: "nothing wrong, judged by no orders",
        judgedBy,
      });
    }
    const empty = { verdict: "inconclusive", received: "no order was placed", judgedBy } as const;
    expect(check(QUESTION, () => empty)).toMatchObject(empty);
  });

  it("passes when it looked at nothing and the scenario expects that there is nothing", () => {
    const judgedBy = { count: 0, noun: "cancellation" };
    const nothing = { verdict: "inconclusive", received: "no cancellations to check", judgedBy } as const;
    expect(check(QUESTION, () => nothing, "as-expected")).toMatchObject({
      verdict: "pass",
      received: "no cancellations, as the scenario expects",
      judgedBy,
    });
    const broken = { verdict: "fail", received: "1 of 1", judgedBy: { count: 1, noun: "order" } } as const;
    expect(check(QUESTION, () => broken, "as-expected")).toMatchObject(broken);
  });

  it("is inconclusive when it throws, whatever it throws", () => {
    for (const thrown of [new TypeError("no such symbol"), "no such symbol"]) {
      const made = check(QUESTION, () => {
        throw thrown;
      });
      expect(made).toMatchObject({ verdict: "inconclusive", received: "the check threw: no such symbol" });
    }
  });

  it.each(ALL_INVARIANTS)("is inconclusive for %s when the state is invalid", (name) => {
    const broken = new Proxy(soundState(), {
      get: () => {
        throw new TypeError("unreadable");
      },
    }) as FinalState;
    expect(checkInvariant(name, broken)).toMatchObject({
      kind: "invariant",
      name,
      verdict: "inconclusive",
      received: "the check threw: unreadable",
    });
  });
});
