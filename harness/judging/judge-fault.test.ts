import { describe, expect, it } from "vitest";
import type { FaultRecord } from "../../evidence/index.ts";
import { judgeFault, judgeRestraint } from "./judge-fault.ts";

const fault = (change: Partial<FaultRecord>): FaultRecord => ({
  label: "latency of 300 ms on postgres",
  kind: "latency",
  link: "postgres",
  injectedAtMs: 1_000,
  healedAtMs: 2_000,
  bite: { kind: "counted", connections: 3, bytes: 900, messages: null },
  ...change,
});

describe("a fault", () => {
  it("passes when it affected traffic and was healed", () => {
    expect(judgeFault(fault({})).verdict).toBe("pass");
  });

  it("is inconclusive when it affected nothing, since then nothing was tested", () => {
    expect(
      judgeFault(fault({ bite: { kind: "counted", connections: 0, bytes: 0, messages: null } })).verdict,
    ).toBe("inconclusive");
  });

  it("is inconclusive when it counts messages and affected none, however many connections it watched", () => {
    const watched = { kind: "counted", connections: 3, bytes: 0, messages: 0 } as const;
    expect(judgeFault(fault({ bite: watched })).verdict).toBe("inconclusive");
  });

  it("is inconclusive when its effect was not counted", () => {
    expect(judgeFault(fault({ bite: { kind: "unknown", why: "no counters" } })).verdict).toBe("inconclusive");
  });

  it("of a process passes with how long it did not work, and is inconclusive when that is no time", () => {
    const lasted = (durationMs: number) => fault({ bite: { kind: "lasted", state: "was dead", durationMs } });
    expect(judgeFault(lasted(1_234))).toMatchObject({ verdict: "pass", received: "it was dead for 1.2 s" });
    expect(judgeFault(lasted(0)).verdict).toBe("inconclusive");
  });

  it("fails when it was never healed", () => {
    expect(judgeFault(fault({ healedAtMs: null })).verdict).toBe("fail");
  });
});

describe("a fault that tells its client to stay away", () => {
  const bitten = (connections: number) =>
    fault({ bite: { kind: "counted", connections, bytes: 0, messages: null } });

  it("passes when only uninformed clients call, and fails when they continue", () => {
    expect(judgeRestraint(bitten(3), 12)).toMatchObject({ verdict: "pass", received: "3 connections" });
    expect(judgeRestraint(bitten(13), 12)).toMatchObject({
      verdict: "fail",
      expected: "affects traffic at most 12 times",
    });
  });

  it("is inconclusive when nothing was counted", () => {
    expect(judgeRestraint(fault({ bite: { kind: "unknown", why: "no counters" } }), 12).verdict).toBe(
      "inconclusive",
    );
  });
});
