import { describe, expect, it } from "vitest";
import { judgeShare, NEW_SHARE } from "./judge-share.ts";

describe("the share of a candidate that is asked to get everything", () => {
  const judged = (candidateRequests: number, stableRequests: number) =>
    judgeShare({ ...NEW_SHARE, candidateRequests, stableRequests }, 100).verdict;

  it("is not another one for a request that came past the balancer", () => {
    expect(judged(199, 1)).toBe("pass");
  });

  it("is another one when the stable still gets a third", () => {
    expect(judged(200, 100)).toBe("inconclusive");
  });
});
