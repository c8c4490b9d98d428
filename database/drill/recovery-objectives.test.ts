import { describe, expect, it } from "vitest";
import { judgeObjectives } from "./recovery-objectives.ts";

const ALLOWED = { pointMs: 60_000, timeMs: 5_000 };
const verdictsOf = (pointMs: number | null, timeMs: number | null) =>
  judgeObjectives({ pointMs, timeMs }, ALLOWED).map(({ verdict }) => verdict);

describe("a drill, by the objectives of its release", () => {
  it("passes up to what is allowed, and fails above it, each for itself", () => {
    expect(verdictsOf(60_000, 5_000)).toEqual(["pass", "pass"]);
    expect(verdictsOf(60_001, 5_000)).toEqual(["fail", "pass"]);
    expect(verdictsOf(0, 5_001)).toEqual(["pass", "fail"]);
  });

  it("is inconclusive where nothing was measured", () => {
    expect(verdictsOf(null, null)).toEqual(["inconclusive", "inconclusive"]);
  });
});
