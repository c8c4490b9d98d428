import { describe, expect, it } from "vitest";
import { placement } from "../invariants/final-state-fixture.ts";
import { judgeFreshness, judgeOrdersAccepted, judgePhase } from "./judge-steady-state.ts";

describe("the steady state of a phase", () => {
  it("is inconclusive when the phase did not take place, or had too few operations", () => {
    expect(judgePhase("before", null).verdict).toBe("inconclusive");
    expect(judgePhase("before", [placement({})])).toMatchObject({
      verdict: "inconclusive",
      received: "1 operations, at least 20 are needed",
    });
  });
});

describe("fresh feeds", () => {
  it("are as fresh as the oldest sample of each", () => {
    expect(judgeFreshness("feeds", { binance: [0.1, 1.9], bist: [0.4] })).toMatchObject({
      verdict: "pass",
      received: "at most binance 1.9 s, bist 0.4 s",
    });
    expect(judgeFreshness("feeds", { binance: [0.1], bist: [2.4] }).verdict).toBe("fail");
  });

  it("are inconclusive without a sample", () => {
    expect(judgeFreshness("feeds", {}).verdict).toBe("inconclusive");
  });

  it("are unknown when one of them was never measured, unless another is certainly old", () => {
    expect(judgeFreshness("feeds", { binance: [0.1], bist: [] })).toMatchObject({
      verdict: "inconclusive",
      received: "at most binance 0.1 s; not measured: bist",
    });
    expect(judgeFreshness("feeds", { binance: [2.4], bist: [] }).verdict).toBe("fail");
  });

  it("are unknown when one of them was measured only occasionally", () => {
    expect(judgeFreshness("feeds", { binance: [0.1, 0.1, 0.1, 0.1], bist: [0.1] })).toMatchObject({
      verdict: "inconclusive",
      received: "at most binance 0.1 s, bist 0.1 s; bist was measured only 1 of 4 times",
    });
  });

  it.each([-5, Number.NaN, Number.NEGATIVE_INFINITY])("are unknown when an age is %d", (age) => {
    expect(judgeFreshness("feeds", { binance: [0.1, 0.1], bist: [0.1, age] })).toMatchObject({
      verdict: "inconclusive",
      received: expect.stringContaining(`impossible age of bist: expected 0 to 315360000 s, got ${age}`),
    });
  });
});

describe("a platform that refuses orders", () => {
  const placed = placement({});
  const refused = placement({ outcome: "rejected" });

  it("fails when it accepts fewer than half of them", () => {
    expect(judgeOrdersAccepted([placed, refused])).toMatchObject({ verdict: "pass", received: "1 of 2" });
    expect(judgeOrdersAccepted([placed, refused, refused])).toMatchObject({ verdict: "fail" });
  });

  it("names the routes' answers when orders are not accepted", () => {
    const unserved = placement({ outcome: "failed", httpStatus: 404, error: "http-404" });
    expect(judgeOrdersAccepted([unserved, unserved]).received).toBe(
      "0 of 2; POST /api/orders returned 404 in 2 of 2: the platform does not serve it",
    );
  });

  it("is inconclusive when none was placed", () => {
    expect(judgeOrdersAccepted([]).verdict).toBe("inconclusive");
  });
});
