import { describe, expect, it } from "vitest";
import { completeLoadPlan, type LoadPlanInput } from "./load-plan.ts";

const plan: LoadPlanInput = {
  baseUrl: "http://127.0.0.1:8080",
  seed: 1,
  arrivals: { kind: "constant", rateRps: 10, durationMs: 1_000 },
};

describe("a load plan", () => {
  it("is completed with an order flow, a timeout of 5 s and evenly spaced arrivals", () => {
    expect(completeLoadPlan(plan)).toMatchObject({
      arrivals: { spacing: "even" },
      workload: {
        kind: "order-flow",
        symbol: "BTCUSDT",
        maxAttempts: 3,
        venues: { binance: 70, btcturk: 30 },
      },
      timeoutMs: 5_000,
      keyPrefix: null,
    });
  });

  it("omits from a mix what its author omitted", () => {
    const { workload } = completeLoadPlan({ ...plan, workload: { kind: "order-flow", mix: { query: 1 } } });
    expect(workload).toMatchObject({ mix: { place: 0, query: 1, cancel: 0, positions: 0, quote: 0 } });
  });

  it.each<[string, Partial<LoadPlanInput>]>([
    ["baseUrl", { baseUrl: "ftp://127.0.0.1" }],
    ["rateRps", { arrivals: { kind: "constant", rateRps: -1, durationMs: 1_000 } }],
    ["durationMs", { arrivals: { kind: "ramp", fromRps: 0, toRps: 1, durationMs: 0 } }],
    ["mix", { workload: { kind: "order-flow", mix: {} } }],
    ["path", { workload: { kind: "request", path: "/a b" } }],
    ["headers", { workload: { kind: "request", headers: { "x-note": "a\r\nhost: elsewhere" } } }],
    ["headers", { workload: { kind: "request", headers: { "Content-Length": "1" } } }],
    ["keyPrefix", { keyPrefix: "with space" }],
    ["speed", { speed: 2 } as Partial<LoadPlanInput>],
  ])("is refused by the name of %s when that is invalid", (field, wrong) => {
    expect(() => completeLoadPlan({ ...plan, ...wrong })).toThrow(field);
  });
});
