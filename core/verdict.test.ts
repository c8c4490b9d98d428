import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeVerdicts, type Verdict } from "./verdict.ts";

const anyVerdict = fc.constantFrom<Verdict>("pass", "fail", "inconclusive");

describe("merging verdicts", () => {
  it("is inconclusive without verdicts, never a pass", () => {
    expect(mergeVerdicts([])).toBe("inconclusive");
  });

  it("passes only when every part passed", () => {
    expect(mergeVerdicts(["pass", "pass"])).toBe("pass");
    expect(mergeVerdicts(["pass", "inconclusive"])).toBe("inconclusive");
  });

  it("never overwrites a fail, in any position", () => {
    fc.assert(
      fc.property(fc.array(anyVerdict), fc.array(anyVerdict), (before, after) => {
        expect(mergeVerdicts([...before, "fail", ...after])).toBe("fail");
      }),
    );
  });
});
