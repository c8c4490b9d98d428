import { describe, expect, it } from "vitest";
import { describeMistake } from "../../core/index.ts";
import type { DrillCondition } from "../drill/condition.ts";
import { conditionOf, groupsOf } from "../drill/fixture.ts";
import { checkCondition } from "./check-condition.ts";

const RULES = groupsOf("alert: FeedStale, expr: up == 0");

const CONDITION: DrillCondition = {
  ...conditionOf("stale", {}),
  triggers: ["FeedStale"],
  confirmedBy: { what: "it is stale", expression: "up == 0" },
};
const mistakesIn = (change: Partial<DrillCondition>, rules: typeof RULES | null = RULES) =>
  checkCondition({ ...CONDITION, ...change }, rules).map(describeMistake);

describe("a condition of drills", () => {
  it("is valid when its faults can act, its proof can be asked, and its triggers are there", () => {
    expect(mistakesIn({})).toEqual([]);
  });

  it("is refused for a fault that cannot act on its link, for PromQL of nothing, and for an unknown trigger", () => {
    const fault = { kind: "down", link: "postgress" } as const;
    expect(
      mistakesIn({
        acts: [{ kind: "fault", fault }],
        confirmedBy: { what: "nothing", expression: "vector(1)" },
        triggers: ["FeedStal"],
      }),
    ).toEqual([
      expect.stringMatching(/^acts\[0\].fault.link: expected one of api, .*did you mean postgres\?$/),
      'confirmedBy.expression: expected PromQL that reads a metric, got "vector(1)"',
      'triggers[0]: expected a trigger of the rules, got "FeedStal"; did you mean FeedStale?',
    ]);
  });

  it("may be for triggers of other rules than those that are drilled", () => {
    expect(mistakesIn({ triggers: ["Elsewhere"] }, null)).toEqual([]);
  });
});
