import { describe, expect, it } from "vitest";
import { checkInvariant } from "../invariants/check-invariant.ts";
import { soundState } from "../invariants/final-state-fixture.ts";
import { ALL_INVARIANTS } from "../invariants/registry.ts";
import type { FinalState } from "../observation/final-state.ts";
import { check } from "./check.ts";

const QUESTION = { kind: "invariant", name: "none", basis: "count", expected: "nothing" } as const;

describe("a check", () => {
  it("says what it asked and what it found", () => {
    expect(check(QUESTION, () => ({ verdict: "pass", received: "nothing" }))).toEqual({
      ...QUESTION,
      verdict: "pass",
      received: "nothing",
    });
  });

  it("is inconclusive when it throws, whatever it throws", () => {
    for (const thrown of [new TypeError("no such symbol"), "no such symbol"]) {
      const made = check(QUESTION, () => {
        throw thrown;
      });
      expect(made).toMatchObject({ verdict: "inconclusive", received: "the check threw: no such symbol" });
    }
  });

  it.each(ALL_INVARIANTS)("is inconclusive for %s when the state is not what it should be", (name) => {
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
