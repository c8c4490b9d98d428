import { describe, expect, it } from "vitest";
import { manualTraffic } from "./manual-traffic.ts";
import type { ArmRequests } from "./share-fit.ts";

const NEVER = new AbortController().signal;

/** A person whose balancer has these requests, one entry for each interval. */
function person(intervals: readonly (ArmRequests | null)[]) {
  let nowMs = 0;
  let next = 0;
  const asked: string[] = [];
  const traffic = manualTraffic({
    ask: (text) => asked.push(text),
    measure: async () => {
      const measured = intervals[next++];
      return measured === undefined ? { stable: 0, candidate: 0 } : measured;
    },
    clock: {
      monotonicMs: () => nowMs,
      sleep: async (durationMs) => {
        nowMs += durationMs;
      },
    },
    intervalMs: 1_000,
    longestMs: 60_000,
  });
  return { traffic, asked, waitedS: () => nowMs / 1_000 };
}

const OLD = { stable: 400, candidate: 0 };
const NEW = { stable: 380, candidate: 20 };

describe("the traffic that a person splits", () => {
  it("counts as split when the requests show it, and not before", async () => {
    const { traffic, asked, waitedS } = person([OLD, OLD, OLD, NEW]);
    await traffic.setShare(5, NEVER);
    expect(asked).toEqual([expect.stringContaining("5 %")]);
    expect(waitedS()).toBe(3);
  });

  it("does not count as split before there are enough requests to tell", async () => {
    const { traffic, waitedS } = person([OLD, { stable: 19, candidate: 1 }, { stable: 361, candidate: 19 }]);
    await traffic.setShare(5, NEVER);
    expect(waitedS()).toBe(2);
  });

  it.each([
    ["nobody sets it", [OLD, ...Array.from({ length: 100 }, () => OLD)], "0 of 400 requests"],
    ["nothing is known of an arm", [OLD, ...Array.from({ length: 100 }, () => null)], "are not known"],
    ["nobody sends requests", [OLD], "0 of 0 requests"],
  ])("is not confirmed when %s", async (_why, intervals, said) => {
    const { traffic } = person(intervals);
    await expect(traffic.setShare(5, NEVER)).rejects.toMatchObject({
      code: "share-not-confirmed",
      message: expect.stringContaining(said),
    });
  });
});
