import { describe, expect, it } from "vitest";
import { fixtureRun, fixtureScenario } from "./fixture.ts";
import { countVerdicts, describeCounts, summaryOf, worstFirst, worstReason } from "./ranking.ts";

const run = fixtureRun();

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

  it("gives a reason for every scenario that is not a pass, even when none was recorded", () => {
    const lost = fixtureScenario("binance-ack-lost");
    expect(worstReason(lost)).toBe(lost.reasons[0]);
    expect(worstReason({ ...lost, reasons: [] })).toMatch(
      /^every client order id .*: expected 0 duplicates, got 3/,
    );
    expect(worstReason({ ...lost, reasons: [], checks: [] })).toBe("Nothing was checked.");
    expect(worstReason(fixtureScenario("steady-state"))).toBeUndefined();
  });
});

describe("the summary", () => {
  const passes = run.scenarios.filter(({ verdict }) => verdict === "pass");

  it("names the worst scenario of a fail and its reason", () => {
    expect(summaryOf(run)).toMatch(/^1 of 6 scenarios failed\. binance-ack-lost: Order spark-7f3a .*\.$/);
  });

  it("says that an inconclusive run does not release", () => {
    const scenarios = [...passes, fixtureScenario("feed-silent")];
    expect(summaryOf({ ...run, scenarios, verdict: "inconclusive" })).toMatch(
      /could not be judged.*never releases/,
    );
  });

  it("claims of a pass that the hypotheses held, and nothing more", () => {
    expect(summaryOf({ ...run, scenarios: passes, verdict: "pass" })).toBe("All 4 hypotheses held.");
  });

  it("does not blame the scenarios for what went wrong outside them", () => {
    expect(summaryOf({ ...run, scenarios: passes, verdict: "fail" })).toBe(
      "The run failed outside its 4 scenarios.",
    );
    expect(summaryOf({ ...run, scenarios: passes, verdict: "inconclusive" })).toMatch(/^The run as a whole/);
    expect(summaryOf({ ...run, scenarios: [], verdict: "inconclusive" })).toMatch(/^Nothing was run/);
  });
});
