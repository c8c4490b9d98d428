import { describe, expect, it } from "vitest";
import type { BackpressureOutcome } from "../../evidence/index.ts";
import { judgeBackpressure } from "./judge-backpressure.ts";

const byPool: BackpressureOutcome = {
  kind: "limited",
  rateRps: 80,
  limit: { kind: "named", limit: "pool", nature: "backpressure", why: "Requests wait for a connection." },
};
const unexplained: BackpressureOutcome = {
  kind: "limited",
  rateRps: 80,
  limit: { kind: "unexplained", why: "The longest wait is 2 of 300 ms." },
};
const undecided: BackpressureOutcome = { kind: "undecided", why: "It was interrupted." };

describe("a search for what limits a platform", () => {
  it("passes with its result, and names it", () => {
    expect(judgeBackpressure(byPool, 40, null)).toEqual({
      verdict: "pass",
      why:
        "40 op/s held, 80 op/s did not. The limit: connection pool (backpressure). " +
        "Requests wait for a connection.",
    });
    expect(judgeBackpressure({ kind: "unlimited", rateRps: 640 }, 640, null).verdict).toBe("pass");
  });

  it("fails when the rate is below the required one", () => {
    expect(judgeBackpressure(byPool, 40, 60)).toMatchObject({
      verdict: "fail",
      why: expect.stringContaining("60 op/s must be held."),
    });
    expect(judgeBackpressure(byPool, null, 10).verdict).toBe("fail");
    expect(judgeBackpressure(byPool, 40, 40).verdict).toBe("pass");
  });

  it("does not count a rate that it did not try", () => {
    expect(judgeBackpressure({ kind: "unlimited", rateRps: 40 }, 40, 60).verdict).toBe("inconclusive");
  });

  it("is inconclusive when nothing explains the limit, and fails when the limit is also too low", () => {
    expect(judgeBackpressure(unexplained, 40, null).verdict).toBe("inconclusive");
    expect(judgeBackpressure(unexplained, 40, 60).verdict).toBe("fail");
  });

  it("is inconclusive when it was undecided, unless the required rate was reached before", () => {
    expect(judgeBackpressure(undecided, 40, null).verdict).toBe("inconclusive");
    expect(judgeBackpressure(undecided, 40, 60).verdict).toBe("inconclusive");
    expect(judgeBackpressure(undecided, 40, 40).verdict).toBe("pass");
  });
});
