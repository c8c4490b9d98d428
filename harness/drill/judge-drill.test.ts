import { describe, expect, it } from "vitest";
import type { RuleReading } from "../../evidence/index.ts";
import { conditionOf, drilledRule, runOf } from "./fixture.ts";
import { judgeQuiet, judgeTrigger } from "./judge-drill.ts";

const TIME_SCALE = 60;
const slow = conditionOf("slow", { moves: ["wait_seconds"] });
const TooSlow = drilledRule("alert: TooSlow, expr: wait_seconds > 1, for: 5m", slow);
const fired: RuleReading = { kind: "fired", trueAfterMs: 1_000, firedAfterMs: 6_000, interruptions: 1 };
const quiet: RuleReading = { kind: "quiet" };

const judge = (...runs: Parameters<typeof judgeTrigger>[1]) => judgeTrigger(TooSlow, runs, TIME_SCALE);

describe("a drilled trigger", () => {
  it("passes when it fired under its condition, and says how fast and with which others", () => {
    expect(judge(runOf("slow", { Other: fired, TooSlow: fired, Calm: quiet }))).toMatchObject({
      verdict: "pass",
      outcome: "fired",
      condition: "slow",
      trueAfterFaultMs: 1_000,
      firedAfterFaultMs: 6_000,
      firedAfterTrueMs: 5_000,
      interruptions: 1,
      firedWith: ["Other"],
      tried: ["slow"],
    });
  });

  it("passes when it fired under a condition that was created for another", () => {
    const runs = [runOf("else", { TooSlow: fired }), runOf("slow", { TooSlow: quiet })];
    expect(judge(...runs)).toMatchObject({ verdict: "pass", condition: "else", tried: ["slow"] });
  });

  it("is silent when its condition was true and its expression never held", () => {
    expect(judge(runOf("slow", { TooSlow: quiet }))).toMatchObject({
      verdict: "fail",
      outcome: "silent",
      why: "silent alert: under slow its expression never held",
    });
  });

  it("is reported when it requires a bound in a spelling that Prometheus never stores", () => {
    const rule = "alert: TooSlow, expr: 'wait_seconds_bucket{le=\"1\"} > 1'";
    const run = runOf("slow", { TooSlow: { kind: "no-data" } });
    expect(judgeTrigger(drilledRule(rule, slow), [run], TIME_SCALE)).toMatchObject({
      verdict: "fail",
      why: 'silent alert: it matches le="1", but Prometheus 3 stores le="1.0"',
    });
  });

  it("is undecided when its condition was never confirmed", () => {
    const shown = { kind: "not-shown", what: "a wait", why: "not seen within 20 s" } as const;
    expect(judge(runOf("slow", { TooSlow: quiet }, { shown }))).toMatchObject({
      verdict: "inconclusive",
      outcome: "undecided",
      why: "under slow the condition never became true: a wait was not seen within 20 s",
    });
  });

  it("is undecided when a part of the lab died, or the condition could not be created", () => {
    expect(judge(runOf("slow", {}, { problems: ["spark died (exit code 1)"] }))).toMatchObject({
      verdict: "inconclusive",
      why: "under slow: spark died (exit code 1)",
    });
  });

  it("does not count as fired when its expression held before the condition was created", () => {
    expect(judge(runOf("slow", { TooSlow: { kind: "true-before" } }))).toMatchObject({
      verdict: "inconclusive",
      outcome: "undecided",
    });
  });

  it("is silent when its expression holds too briefly, unless the machine was too busy", () => {
    const held: RuleReading = { kind: "held", trueAfterMs: 500, longestMs: 2_000 };
    expect(judge(runOf("slow", { TooSlow: held }))).toMatchObject({
      outcome: "silent",
      why: "silent alert: under slow its expression held for 2 s at most, but its `for` is 5 s",
    });
    expect(judge(runOf("slow", { TooSlow: held }, { generatorLagMsP99: 300 }))).toMatchObject({
      outcome: "undecided",
    });
  });

  it("is silent when nothing changes its metrics, and reports when they never existed", () => {
    const typo = drilledRule("alert: Typo, expr: wait_secods > 1", slow);
    expect(judgeTrigger(typo, [runOf("slow", { Typo: { kind: "no-data" } })], TIME_SCALE)).toMatchObject({
      verdict: "fail",
      outcome: "silent",
      why: "silent alert: no series that it names ever existed in the lab",
    });
    expect(judgeTrigger(typo, [runOf("slow", { Typo: quiet })], TIME_SCALE)).toMatchObject({
      why: "silent alert: no condition here changes a metric that it names",
    });
  });

  it("is undecided when it needs longer than a drill waits, even if it was quiet meanwhile", () => {
    const slowest = drilledRule("alert: Burn, expr: 'rate(wait_seconds[1d]) > 1', for: 1h", slow);
    expect(judgeTrigger(slowest, [runOf("slow", { Burn: quiet })], TIME_SCALE)).toMatchObject({
      verdict: "inconclusive",
      outcome: "undecided",
      why: "not tried: its range and its `for` take 25 min at this time scale; choose a larger time scale",
    });
  });
});

describe("the quiet run", () => {
  it("passes when none fired, and names those without data", () => {
    expect(judgeQuiet(runOf("quiet", { A: quiet, B: { kind: "no-data" } }))).toMatchObject({
      verdict: "pass",
      why: "none of 2 rules fired; without data: B",
    });
  });

  it("fails when one fired without any condition", () => {
    expect(judgeQuiet(runOf("quiet", { A: fired, B: quiet }))).toMatchObject({
      verdict: "fail",
      fired: ["A"],
    });
    expect(judgeQuiet(runOf("quiet", { A: { kind: "true-before" } }))).toMatchObject({ verdict: "fail" });
  });

  it("is inconclusive when one fired on an overloaded machine", () => {
    expect(judgeQuiet(runOf("quiet", { A: fired }, { generatorLagMsP99: 120 }))).toMatchObject({
      verdict: "inconclusive",
      fired: ["A"],
    });
  });

  it("is inconclusive without data, without clients, and when something died", () => {
    expect(judgeQuiet(runOf("quiet", { A: { kind: "no-data" } })).verdict).toBe("inconclusive");
    const shown = { kind: "not-shown", what: "requests answered", why: "not seen within 20 s" } as const;
    expect(judgeQuiet(runOf("quiet", { A: quiet }, { shown })).verdict).toBe("inconclusive");
    expect(judgeQuiet(runOf("quiet", { A: quiet }, { problems: ["pgbouncer died"] })).verdict).toBe(
      "inconclusive",
    );
  });
});
