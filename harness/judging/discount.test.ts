import { describe, expect, it } from "vitest";
import type { CheckRecord } from "../../evidence/index.ts";
import { discountUnsound } from "./judge-generator.ts";
import { discountContended } from "./judge-machine.ts";
import { discountRunnerGaps, discountUnwatched, judgeRunner } from "./judge-runner.ts";
import { judgeScenario } from "./judge-scenario.ts";
import { expecting, soundOutcome } from "./outcome-fixture.ts";

const failed = (kind: CheckRecord["kind"], basis: CheckRecord["basis"]): CheckRecord => ({
  ...{ kind, name: basis, basis, verdict: "fail", expected: "", received: "" },
  judgedBy: { count: 1, noun: "order" },
  orders: [],
});
/** A measured time, a false alarm, a trigger that did not fire and an invariant, all failed. */
const FAILED = [
  failed("steady-state", "time"),
  failed("trigger", "alarm"),
  failed("trigger", "schedule"),
  failed("invariant", "count"),
];
const verdicts = (checks: readonly CheckRecord[]) => checks.map(({ verdict }) => verdict);

describe("a machine that others fill", () => {
  const load = (contendedShare: number) =>
    ({ kind: "measured", contendedShare, fullShare: 1, foreignShare: 0.4, spans: 9 }) as const;

  it("excuses measured times and false alarms, never an invariant or a trigger that did not fire", () => {
    expect(verdicts(discountContended(FAILED, load(0.3)))).toEqual([
      ...["inconclusive", "inconclusive", "fail", "fail"],
    ]);
  });

  it("excuses nothing when it was contended only briefly, or when that is unknown", () => {
    expect(discountContended(FAILED, load(0.05))).toEqual(FAILED);
    expect(discountContended(FAILED, { kind: "unknown" })).toEqual(FAILED);
  });
});

describe("a late load generator", () => {
  const { generator } = soundOutcome().load;

  it("excuses measured times, never a false alarm, an invariant or a trigger that did not fire", () => {
    const late = { ...generator, state: "unsound", reasons: ["late"] } as const;
    expect(verdicts(discountUnsound(FAILED, late))).toEqual(["inconclusive", "fail", "fail", "fail"]);
  });

  it("excuses nothing when it was in time", () => {
    expect(discountUnsound(FAILED, generator)).toEqual(FAILED);
  });
});

describe("a runner that did not run all the time", () => {
  const stopped = [{ kind: "stood-still", durationMs: 8_000 }] as const;
  const setBack = [{ kind: "clock-stepped", byMs: -3_600_000 }] as const;

  it("excuses all checks of time, also a trigger that did not fire, but never an invariant", () => {
    for (const gaps of [stopped, setBack]) {
      expect(verdicts(discountRunnerGaps(FAILED, gaps))).toEqual([
        ...["inconclusive", "inconclusive", "inconclusive", "fail"],
      ]);
    }
  });

  it("also voids passes of time, since nothing was observed meanwhile", () => {
    const passed = FAILED.map((each) => ({ ...each, verdict: "pass" as const }));
    expect(verdicts(discountRunnerGaps(passed, stopped))).toEqual([
      ...["inconclusive", "inconclusive", "inconclusive", "pass"],
    ]);
  });

  it("is stated in the report, and makes the scenario inconclusive", () => {
    expect(judgeRunner(stopped, 90)).toMatchObject({
      verdict: "inconclusive",
      received: "the runner itself did not run for 8.0 s",
    });
    expect(judgeRunner(setBack, 90).received).toBe("its clock was set back by 3600.0 s");
    expect(judgeRunner([], 90)).toMatchObject({ verdict: "pass" });
    expect(judgeRunner([], 0)).toMatchObject({ verdict: "inconclusive" });
  });

  it("does not fail a trigger that did not fire meanwhile", () => {
    const silent = {
      ...{ name: "DbDown", severity: "page", expression: "up == 0", summary: "", failures: 0 },
      history: [{ atMs: 0, state: "inactive", value: null }],
      evaluations: 40,
      firedAtMs: null,
    } as const;
    const { measured } = soundOutcome();
    const outcome = expecting({ fires: ["DbDown"] }, { measured: { ...measured, triggers: [silent] } });
    const fails = (runnerGaps: typeof stopped | readonly []) =>
      judgeScenario({ ...outcome, runnerGaps }).checks.filter(({ verdict }) => verdict === "fail");
    expect(fails([])).toMatchObject([{ name: "DbDown", received: "did not fire" }]);
    expect(fails(stopped)).toEqual([]);
    const { triggers } = judgeScenario({ ...outcome, runnerGaps: stopped });
    expect(triggers).toMatchObject([{ name: "DbDown", verdict: "inconclusive" }]);
    expect(discountUnwatched(triggers, [])).toBe(triggers);
  });
});
