import { describe, expect, it } from "vitest";
import type { CheckRecord, FaultRecord, TriggerRecord } from "../../evidence/index.ts";
import { LatencyHistogram } from "../../load/index.ts";
import { placement, soundTruth } from "../invariants/final-state-fixture.ts";
import {
  judgeAcceptance,
  judgeAnswers,
  judgeCondition,
  judgeFault,
  judgeFreshness,
  judgeInvariants,
  judgeOccurrence,
  judgePhase,
  judgeRestraint,
  judgeTriggers,
} from "./judge.ts";
import { discountUnsound } from "./judge-generator.ts";
import { discountContended } from "./judge-machine.ts";

const fault = (change: Partial<FaultRecord>): FaultRecord => ({
  label: "latency of 300 ms on postgres",
  kind: "latency",
  link: "postgres",
  injectedAtMs: 1_000,
  healedAtMs: 2_000,
  bite: { kind: "counted", connections: 3, bytes: 900, messages: null },
  ...change,
});

const trigger = (change: Partial<TriggerRecord>): TriggerRecord => ({
  name: "LatencyCpuBackpressure",
  severity: "rollback",
  expression: "up == 0",
  summary: "",
  expected: "fires",
  verdict: "pass",
  history: [],
  firedAtMs: 7_000,
  firedAfterFaultMs: 6_000,
  ...change,
});

describe("a fault", () => {
  it("passes when it touched traffic and was healed", () => {
    expect(judgeFault(fault({})).verdict).toBe("pass");
  });

  it("is inconclusive when it touched nothing, since then nothing was tested", () => {
    expect(
      judgeFault(fault({ bite: { kind: "counted", connections: 0, bytes: 0, messages: null } })).verdict,
    ).toBe("inconclusive");
  });

  it("is inconclusive when it knows messages and touched none, however many connections it watched", () => {
    const watched = { kind: "counted", connections: 3, bytes: 0, messages: 0 } as const;
    expect(judgeFault(fault({ bite: watched })).verdict).toBe("inconclusive");
  });

  it("is inconclusive when nobody counted what it touched", () => {
    expect(judgeFault(fault({ bite: { kind: "unknown", why: "no counters" } })).verdict).toBe("inconclusive");
  });

  it("fails when it was never healed", () => {
    expect(judgeFault(fault({ healedAtMs: null })).verdict).toBe("fail");
  });
});

describe("triggers", () => {
  it("are one check for each that must fire, and one for all that must not", () => {
    const quiet = trigger({ name: "FeedStale", expected: "quiet", firedAtMs: null, firedAfterFaultMs: null });
    const checks = judgeTriggers([trigger({}), quiet]);
    expect(checks.map((check) => [check.name, check.verdict])).toEqual([
      ["LatencyCpuBackpressure", "pass"],
      ["no false alarm", "pass"],
    ]);
    expect(checks[0]?.received).toBe("fired 6.0 s after the fault");
  });

  it("name those that fired and should not have", () => {
    const loud = trigger({ name: "FeedStale", expected: "quiet", verdict: "fail" });
    expect(judgeTriggers([loud])[0]).toMatchObject({ verdict: "fail", received: "fired: FeedStale" });
  });

  it("are inconclusive where a quiet one had no data: its silence means nothing", () => {
    const blind = trigger({ name: "FeedStale", expected: "quiet", verdict: "inconclusive", firedAtMs: null });
    expect(judgeTriggers([blind])[0]).toMatchObject({ verdict: "inconclusive" });
  });

  it("say that one fired before the fault, which proves nothing", () => {
    const early = trigger({ verdict: "fail", firedAtMs: 500, firedAfterFaultMs: null });
    expect(judgeTriggers([early])[0]?.received).toBe("fired at 0.5 s, before the fault");
  });
});

describe("a condition on the platform's metrics", () => {
  const atMost = { name: "kept", expression: "up", limit: { atMost: 0 } } as const;
  const atLeast = { name: "seen", expression: "up", limit: { atLeast: 1 } } as const;

  it("holds at its limit and fails beyond it", () => {
    expect([0, 1].map((value) => judgeCondition(atMost, value).verdict)).toEqual(["pass", "fail"]);
    expect([1, 0].map((value) => judgeCondition(atLeast, value).verdict)).toEqual(["pass", "fail"]);
  });

  it("fails also when the load generator was late, which the platform's metrics do not depend on", () => {
    expect(judgeCondition(atMost, 3)).toMatchObject({
      kind: "invariant",
      expected: "at most 0",
      received: "3",
    });
  });

  it("is inconclusive without data", () => {
    expect(judgeCondition(atMost, null)).toMatchObject({ verdict: "inconclusive", received: "no data" });
  });
});

describe("what was not measured", () => {
  it("is inconclusive: a phase that did not take place", () => {
    expect(judgePhase("before", null, []).verdict).toBe("inconclusive");
  });

  it("is inconclusive: a feed without samples", () => {
    expect(judgeFreshness("feeds", new Map()).verdict).toBe("inconclusive");
  });

  it("is inconclusive: an event that did not happen, or has no data", () => {
    expect(judgeOccurrence("reconnect", null).verdict).toBe("inconclusive");
    expect(judgeOccurrence("reconnect", 0).verdict).toBe("inconclusive");
    expect(judgeOccurrence("reconnect", 2).verdict).toBe("pass");
  });

  it("is inconclusive: an invariant whose check throws", () => {
    const truth = soundTruth();
    const fills = truth.ledger.fills.map((row) => ({ ...row, symbol: "BTCXXX" }));
    const [check] = judgeInvariants({ ...truth, ledger: { ...truth.ledger, fills } }, ["balances-agree"]);
    expect(check).toMatchObject({
      verdict: "inconclusive",
      received: expect.stringContaining("the check threw"),
    });
  });
});

describe("a machine that others fill", () => {
  const checks: readonly CheckRecord[] = [
    { kind: "steady-state", name: "after", verdict: "fail", expected: "", received: "P95 300 ms" },
    { kind: "trigger", name: "no false alarm", verdict: "fail", expected: "", received: "ApiLatencyP95High" },
    { kind: "trigger", name: "FeedStale", verdict: "fail", expected: "fires", received: "did not fire" },
    { kind: "invariant", name: "no-duplicate-orders", verdict: "fail", expected: "", received: "1 of 9" },
  ];
  const verdictsUnder = (contendedShare: number) =>
    discountContended(checks, { kind: "measured", contendedShare, fullShare: 1, foreignShare: 0.4 }).map(
      ({ verdict }) => verdict,
    );

  it("takes the weight from measured times and false alarms, never from an invariant or a silent trigger", () => {
    expect(verdictsUnder(0.3)).toEqual(["inconclusive", "inconclusive", "fail", "fail"]);
  });

  it("changes nothing when it was contended for a moment only, or when that is not known", () => {
    expect(verdictsUnder(0.05)).toEqual(["fail", "fail", "fail", "fail"]);
    expect(discountContended(checks, { kind: "unknown" })).toEqual(checks);
  });
});

describe("an unsound load generator", () => {
  const lagMs = new LatencyHistogram().summary();
  const measures = {
    lagMs,
    maxLagMsP99: 20,
    dropped: 0,
    cpuMs: 1,
    cpuMsPerOperation: 0.1,
    priorityRaised: false,
  };
  const checks: readonly CheckRecord[] = [
    { kind: "steady-state", name: "before", verdict: "fail", expected: "", received: "P95 300 ms" },
    { kind: "invariant", name: "no-duplicate-orders", verdict: "fail", expected: "", received: "1 of 9" },
  ];

  it("takes the weight from what its clients measured, never from an invariant", () => {
    const discounted = discountUnsound(checks, { state: "unsound", reasons: ["late"], ...measures });
    expect(discounted.map((check) => check.verdict)).toEqual(["inconclusive", "fail"]);
  });

  it("changes nothing when it is sound", () => {
    expect(discountUnsound(checks, { state: "sound", ...measures })).toEqual(checks);
  });
});

describe("a fault that tells its client to stay away", () => {
  const bitten = (connections: number) =>
    fault({ bite: { kind: "counted", connections, bytes: 0, messages: null } });

  it("passes while only those ask who could not know, and fails when they go on", () => {
    expect(judgeRestraint(bitten(3), 12)).toMatchObject({ verdict: "pass", received: "3 bites" });
    expect(judgeRestraint(bitten(13), 12)).toMatchObject({
      verdict: "fail",
      expected: "bites at most 12 times",
    });
  });

  it("is inconclusive when nobody counted", () => {
    expect(judgeRestraint(fault({ bite: { kind: "unknown", why: "no counters" } }), 12).verdict).toBe(
      "inconclusive",
    );
  });
});

describe("clients while the faults are there", () => {
  const phase = { name: "fault", startMs: 1_000, endMs: 2_000 } as const;
  const asked = (startedAtMs: number, endedAtMs: number) =>
    placement({ startedAtMs, endedAtMs, idempotencyKey: `key-${startedAtMs}` });

  it("are answered in time, or the slowest is named", () => {
    const outside = asked(100, 9_000);
    expect(judgeAnswers(phase, 4_500, [outside, asked(1_100, 3_100)])).toMatchObject({
      verdict: "pass",
      received: "the last of 1 after 2.0 s",
    });
    expect(judgeAnswers(phase, 4_500, [asked(1_100, 3_100), asked(1_200, 6_200)])).toMatchObject({
      verdict: "fail",
      received: "1 of 2 were not, one waited 5.0 s",
    });
    expect(judgeAnswers(phase, 4_500, [outside]).verdict).toBe("inconclusive");
  });

  it("have their orders accepted in the end, if need be at another try", () => {
    const refused = { ...asked(1_100, 1_110), outcome: "failed" as const };
    const again = { ...asked(1_100, 2_510), attempt: 2, startedAtMs: 2_500 };
    expect(judgeAcceptance(phase, 0.6, [refused, again])).toMatchObject({
      verdict: "pass",
      received: "1 of 1",
    });
    const lost = { ...asked(1_200, 1_210), outcome: "rejected" as const };
    expect(judgeAcceptance(phase, 0.6, [refused, again, lost])).toMatchObject({
      verdict: "fail",
      received: "1 of 2",
    });
    expect(judgeAcceptance(null, 0.6, [lost]).verdict).toBe("inconclusive");
  });
});
