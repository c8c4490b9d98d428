import { describe, expect, it } from "vitest";
import { mergeVerdicts } from "../../core/index.ts";
import type { Operation } from "../../load/index.ts";
import { soundState } from "../invariants/final-state-fixture.ts";
import { ALL_INVARIANTS } from "../invariants/registry.ts";
import type { ExperimentOutcome } from "./experiment-outcome.ts";
import { judgeScenario } from "./judge-scenario.ts";
import { expecting, SCHEDULED, soundLoad, soundOutcome } from "./outcome-fixture.ts";

function verdictOf(outcome: ExperimentOutcome) {
  return mergeVerdicts(judgeScenario(outcome).checks.map(({ verdict }) => verdict));
}

function checkNamed(name: string, outcome: ExperimentOutcome) {
  const found = judgeScenario(outcome).checks.filter((check) => check.name === name);
  expect(found).toHaveLength(1);
  return found[0];
}

/** The load of the correct experiment, with the operations of a period changed. */
function loadWith(fromMs: number, toMs: number, change: Partial<Operation>): ExperimentOutcome["load"] {
  const { operations } = soundOutcome().load;
  return soundLoad(
    operations.map((operation) =>
      operation.plannedAtMs >= fromMs && operation.plannedAtMs < toMs
        ? { ...operation, ...change }
        : operation,
    ),
  );
}

describe("an experiment", () => {
  it("passes when the platform was healthy before and after, the fault took effect and healed, and nothing else happened", () => {
    const { checks, operations } = judgeScenario(soundOutcome());
    expect(checks.map(({ name, verdict }) => [name, verdict])).toEqual([
      ["steady state before", "pass"],
      ["orders are accepted", "pass"],
      ["fresh feeds before", "pass"],
      ["steady state after", "pass"],
      ["fresh feeds after", "pass"],
      ["postgres is down", "pass"],
      ["fault lease", "pass"],
      ["recovers", "pass"],
      ["settles", "pass"],
      ["metrics", "pass"],
      ["load generator", "pass"],
      ["definition of the platform", "pass"],
      ["market", "pass"],
      ["runner", "pass"],
    ]);
    expect(operations).toMatchObject({ rateRps: 50, total: 450, succeeded: 450 });
  });

  it("has no checks after a fault when its scenario has none", () => {
    const { scenario } = soundOutcome();
    const outcome = soundOutcome({ scenario: { ...scenario, faults: [] }, faults: [] });
    const names = judgeScenario(outcome).checks.map(({ name }) => name);
    expect(names).not.toContain("steady state after");
    expect(names).not.toContain("fault lease");
    expect(names).not.toContain("recovers");
  });

  it("gives the same judgment for the same outcome", () => {
    const outcome = expecting({ invariants: ["fills-agree", "quotes-agree"] });
    const before = structuredClone(outcome);
    expect(judgeScenario(outcome)).toEqual(judgeScenario(before));
    expect(outcome).toEqual(before);
  });

  it("fails when the platform does not recover, even when something else was inconclusive", () => {
    const load = loadWith(5_000, 9_000, { outcome: "failed" });
    const outcome = soundOutcome({ load, leaseEnd: { kind: "held" } });
    expect(checkNamed("steady state after", outcome)).toMatchObject({
      verdict: "fail",
      received: expect.stringMatching(/^100\.0 % errors/),
    });
    expect(checkNamed("fault lease", outcome)).toMatchObject({ verdict: "inconclusive" });
    expect(verdictOf(outcome)).toBe("fail");
  });

  it("measures recovery from the last healing", () => {
    const load = loadWith(4_000, 5_800, { outcome: "failed" });
    expect(checkNamed("recovers", soundOutcome({ load }))).toMatchObject({
      verdict: "pass",
      received: expect.stringMatching(/^after 0\.[678] s$/),
    });
  });

  it("checks the invariants that its scenario names, each of them in the one registry", () => {
    const invariants = ["balances-agree", "refusals-stand", "quotes-agree", "metrics-agree"] as const;
    const checks = judgeScenario(expecting({ invariants })).checks.filter(({ kind }) => kind === "invariant");
    expect(checks.map(({ name, verdict }) => [name, verdict])).toEqual(
      invariants.map((name) => [name, "pass"]),
    );
  });

  it("is inconclusive when an invariant had nothing to look at, unless the scenario says that it may", () => {
    const sound = soundState();
    const state = { ...sound, operations: sound.operations.filter(({ kind }) => kind !== "cancel") };
    const settled = { state, tookMs: 300, limitMs: 5_000, readings: 3 };
    const invariants = ["cancellations-hold"] as const;
    expect(checkNamed("cancellations-hold", expecting({ invariants }, { settled }))).toMatchObject({
      verdict: "inconclusive",
      received: "no cancellations to check",
      judgedBy: { count: 0, noun: "cancellation" },
    });
    const expected = expecting({ invariants, mayBeEmpty: invariants }, { settled });
    expect(checkNamed("cancellations-hold", expected)).toMatchObject({ verdict: "pass" });
  });

  it("is inconclusive when the platform lacks what an invariant needs that the scenario names", () => {
    const invariants = ["events-agree", "fills-agree"] as const;
    const checked = expecting({ invariants });
    expect(checkNamed("events-agree", checked)).toMatchObject({
      verdict: "inconclusive",
      received: "the platform lacks event_status in the ledger",
    });
    const { checks, notApplicable } = judgeScenario(expecting({ invariants: ALL_INVARIANTS }));
    expect(checks.map(({ name }) => name)).not.toContain("events-agree");
    expect(notApplicable).toContainEqual({ what: "events-agree", needs: "event_status in the ledger" });
  });

  it("fails when an invariant is violated, however busy the machine and however late the load was", () => {
    const state = { ...soundState(), venues: [] };
    const { generator } = soundOutcome().load;
    const outcome = expecting(
      { invariants: ["fills-agree"] },
      {
        settled: { state, tookMs: 300, limitMs: 5_000, readings: 3 },
        load: { ...soundOutcome().load, generator: { ...generator, state: "unsound", reasons: ["late"] } },
        machine: { kind: "measured", contendedShare: 0.9, fullShare: 0.9, foreignShare: 0.9, spans: 9 },
      },
    );
    expect(checkNamed("fills-agree", outcome)).toMatchObject({ verdict: "fail", basis: "count" });
  });

  it("does not blame the platform for slow times while other programs filled the machine", () => {
    const load = loadWith(6_500, 9_000, { outcome: "failed" });
    const machine = {
      kind: "measured",
      contendedShare: 0.5,
      fullShare: 0.9,
      foreignShare: 0.4,
      spans: 9,
    } as const;
    expect(checkNamed("steady state after", soundOutcome({ load, machine }))).toMatchObject({
      verdict: "inconclusive",
      received: expect.stringContaining("other programs used the machine's CPU 50 % of the time"),
    });
  });
});

describe("an experiment that proves nothing", () => {
  it.each<[string, Partial<ExperimentOutcome>]>([
    ["it broke off", { brokeOff: ["the fault proxy does not answer"], settled: null }],
    ["its phases did not take place", { phases: [] }],
    ["no feed was measured", { measured: { ...soundOutcome().measured, feedAges: {} } }],
    ["its lease was lost", { leaseEnd: { kind: "lost", why: "it expired" } }],
    [
      "a process of the lab died",
      { deaths: [{ process: "pgbouncer", logPath: "", ending: "signal SIGKILL", lastLines: [] }] },
    ],
  ])("is inconclusive: %s", (_why, change) => {
    expect(verdictOf(soundOutcome(change))).toBe("inconclusive");
  });

  it("is inconclusive: its fault affected nothing", () => {
    const [played] = soundOutcome().faults;
    if (played === undefined) throw new TypeError("Expected a fault.");
    const bite = { kind: "counted", connections: 0, bytes: 0, messages: null } as const;
    expect(verdictOf(soundOutcome({ faults: [{ ...played, record: { ...played.record, bite } }] }))).toBe(
      "inconclusive",
    );
  });

  it("is inconclusive: a query that its expectation needs was not measured", () => {
    const holds = [
      {
        name: "kept",
        expression: "kept_total",
        limit: { atMost: 0 },
        quantity: "amount",
        basis: "schedule",
      } as const,
    ];
    expect(checkNamed("kept", expecting({ holds }))).toMatchObject({
      verdict: "inconclusive",
      received: "no data",
    });
  });

  it("is inconclusive: an invariant's check threw, and all other checks are present", () => {
    const sound = soundState();
    const fills = sound.ledger.fills.map((fill) => ({ ...fill, symbol: "BTCXXX" }));
    const state = { ...sound, ledger: { ...sound.ledger, fills } };
    const settled = { state, tookMs: 300, limitMs: 5_000, readings: 3 };
    const outcome = expecting({ invariants: ["balances-agree", "one-order-per-key"] }, { settled });
    expect(checkNamed("balances-agree", outcome)?.received).toContain("the check threw: Expected a symbol");
    expect(checkNamed("one-order-per-key", outcome)?.verdict).toBe("pass");
  });
});

describe("a fault with a limit of bites", () => {
  it("is judged by it whatever its label is in the end", () => {
    const { faults } = soundOutcome();
    const played = faults.map(({ record }) => ({
      scheduled: { ...SCHEDULED, maxBites: 2 },
      record: { ...record, label: "postgres is down, 1 more refused" },
    }));
    expect(
      checkNamed("postgres is down, 1 more refused is obeyed", soundOutcome({ faults: played })),
    ).toMatchObject({ verdict: "fail", received: "3 connections" });
  });
});

describe("a trigger that must fire but is not watched", () => {
  const expected = { fires: ["FeedStale"] };

  it("makes the experiment inconclusive, with what the platform would need", () => {
    const outcome = expecting(expected, {
      notApplicable: [{ what: "FeedStale", needs: "feed_staleness_seconds" }],
    });
    expect(checkNamed("FeedStale", outcome)).toMatchObject({
      verdict: "inconclusive",
      received: "not applicable: needs feed_staleness_seconds",
    });
  });

  it("also makes it inconclusive when no rule has its name", () => {
    expect(checkNamed("FeedStale", expecting(expected))).toMatchObject({
      verdict: "inconclusive",
      received: "no rule has this name",
    });
  });
});
