import { describe, expect, it } from "vitest";
import { hasSignature, signaturesOf } from "./signature.ts";

const failing = (kind: "invariant" | "recovery", name: string, received: string) => ({
  ...{ kind, name, received, basis: "count" as const, verdict: "fail" as const, expected: "" },
  ...{ judgedBy: { count: 1, noun: "order" }, orders: [] },
});

describe("a failure's signature", () => {
  it("names what is wrong, whatever the numbers and ids are", () => {
    const one = [
      failing("invariant", "no-duplicate-orders", "1 of 7 venue orders: 1 unknown to the platform; sp-1"),
    ];
    const other = [
      failing(
        "invariant",
        "no-duplicate-orders",
        "2 of 9 venue orders: 2 unknown to the platform, 1 other; sp-2",
      ),
    ];
    expect(signaturesOf(one)).toEqual([{ check: "no-duplicate-orders", problem: "unknown to the platform" }]);
    expect(signaturesOf(other)).toEqual(signaturesOf(one));
  });

  it("leaves numbers out of other findings", () => {
    const found = [
      failing("invariant", "database connections are returned", "3"),
      failing("invariant", "x", "8"),
    ];
    expect(signaturesOf(found).map(({ problem }) => problem)).toEqual(["#", "#"]);
  });

  it("is that of the invariant, from which the rest follows, and holds for each that failed", () => {
    const checks = [
      failing("recovery", "answers-come", "not all were"),
      failing("invariant", "fills-agree", "1 of 2 fills: 1 missing; t"),
    ];
    expect(signaturesOf(checks).map(({ check }) => check)).toEqual(["fills-agree", "answers-come"]);
    expect(hasSignature(checks, { check: "answers-come", problem: "not all were" })).toBe(true);
    expect(hasSignature(checks, { check: "answers-come", problem: "none was" })).toBe(false);
  });
});
