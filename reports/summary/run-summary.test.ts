import { describe, expect, it } from "vitest";
import type { ScenarioRecord } from "../../evidence/index.ts";
import { fixtureRun, fixtureScenario } from "../testing/run-fixture.ts";
import { reasonsOf, worstReason } from "./reasons.ts";
import { summaryOf } from "./run-summary.ts";
import { countVerdicts, describeCounts, worstFirst } from "./verdict-counts.ts";

const run = fixtureRun();
const ONCE = "every client order id reaches the exchange once at most";
const UNKNOWN_A = "sp-1abeaf8e3ae862335eb2999e925d2e8-r at binance is unknown to the platform";
const UNKNOWN_B = "sp-713eb7f01c459e14b1f77d0a0047a52-r at binance is unknown to the platform";
const DUPLICATES = "3 duplicates: spark-7f3a, spark-81c0, spark-9be2";

describe("ranking", () => {
  it("puts fails first, then the inconclusive, and keeps the run's order otherwise", () => {
    expect(worstFirst(run.scenarios).map(({ name }) => name)).toEqual([
      "binance-ack-lost",
      "feed-silent",
      "steady-state",
      "db-latency",
      "pg-outage",
      "pool-exhaustion",
    ]);
  });

  it("counts verdicts, worst first, without those that did not occur", () => {
    expect(describeCounts(countVerdicts(run.scenarios))).toBe("1 fail, 1 inconclusive, 4 pass");
    expect(describeCounts(countVerdicts([{ verdict: "pass" }]))).toBe("1 pass");
    expect(describeCounts(countVerdicts([]))).toBe("no scenarios");
  });

  it("lists the checks that did not hold as the reasons, worst first", () => {
    const lost = fixtureScenario("binance-ack-lost");
    const [first, ...others] = lost.checks;
    if (first === undefined) throw new RangeError("expected a check in the made-up scenario");
    const checks: ScenarioRecord["checks"] = [{ ...first, verdict: "inconclusive" }, ...others];
    expect(reasonsOf({ ...lost, checks }).map(({ name }) => name)).toEqual([ONCE, first.name]);
    expect(reasonsOf(fixtureScenario("steady-state"))).toEqual([]);
  });

  it("has a reason for every scenario that did not pass, even without such a check", () => {
    const lost = fixtureScenario("binance-ack-lost");
    expect(worstReason(lost)).toBe(`${ONCE}: ${DUPLICATES} (expected 0 duplicates)`);
    expect(worstReason({ ...lost, checks: [] })).toBe("Nothing was checked.");
    expect(worstReason({ ...fixtureScenario("steady-state"), verdict: "fail" })).toBe(
      "No check has a reason.",
    );
    expect(worstReason(fixtureScenario("steady-state"))).toBeUndefined();
  });
});

describe("the summary", () => {
  const passes = run.scenarios.filter(({ verdict }) => verdict === "pass");

  it("states that an inconclusive run does not release", () => {
    const scenarios = [...passes, fixtureScenario("feed-silent")];
    expect(summaryOf({ ...run, scenarios, verdict: "inconclusive" })).toMatch(
      /could not be judged.*never releases/,
    );
  });

  it("names the worst scenario and quotes the check that did not hold, because its name says what should", () => {
    const duplicates = `binance-ack-lost failed “${ONCE}”: ${DUPLICATES} (expected 0 duplicates).`;
    expect(summaryOf(run)).toBe(`1 of 6 scenarios failed. ${duplicates}`);
    const scenarios = [fixtureScenario("feed-silent")];
    expect(summaryOf({ ...run, scenarios, verdict: "inconclusive" })).toMatch(
      /feed-silent could not judge “the fault touched something”: 0 connections \(expected/,
    );
  });

  it("names the first of many instances, and leaves the others to the table of checks", () => {
    const lost = fixtureScenario("binance-ack-lost");
    const received = `2 of 9: ${UNKNOWN_A}; ${UNKNOWN_B}`;
    const checks = lost.checks.map((check) => (check.name === ONCE ? { ...check, received } : check));
    const scenario = { ...lost, checks };
    expect(worstReason(scenario)).toBe(`${ONCE}: 2 of 9: ${UNKNOWN_A}, and more (expected 0 duplicates)`);
    expect(summaryOf({ ...run, scenarios: [scenario], verdict: "fail" })).toBe(
      `1 of 1 scenario failed. binance-ack-lost failed “${ONCE}”: 2 of 9: ${UNKNOWN_A}, and more (expected 0 duplicates).`,
    );
  });

  it("keeps a short answer whole", () => {
    const lost = fixtureScenario("binance-ack-lost");
    const received = "exited with code 1; it said last: out of memory";
    const checks = lost.checks.map((check) => ({ ...check, received }));
    expect(worstReason({ ...lost, checks })).toContain(`: ${received} (expected`);
  });

  it("states what a pass has proved", () => {
    expect(summaryOf({ ...run, scenarios: passes, verdict: "pass" })).toBe(
      "All 4 hypotheses held: under 3 faults, no invariant broke in 7 checks on 6,312 orders, each of the 3 expected triggers fired " +
        "within 2.8 s of the fault, no trigger raised a false alarm, and service recovered every time.",
    );
  });

  it("does not attribute errors outside the scenarios to them", () => {
    expect(summaryOf({ ...run, scenarios: passes, verdict: "fail" })).toBe(
      "The run failed outside its 4 scenarios.",
    );
    expect(summaryOf({ ...run, scenarios: passes, verdict: "inconclusive" })).toMatch(/^The run as a whole/);
    expect(summaryOf({ ...run, scenarios: [], verdict: "inconclusive" })).toBe("No scenario has a result.");
    const notRun = [{ name: "one", why: "not begun: Interrupted by SIGINT after 3 s" }];
    expect(summaryOf({ ...run, scenarios: [], notRun, verdict: "inconclusive" })).toBe(
      "No scenario has a result. 1 of 1 not run: one (not begun: Interrupted by SIGINT after 3 s).",
    );
  });
});
