import { describe, expect, it } from "vitest";
import { drilledRules, nextCondition, sameEnvironment } from "./candidates.ts";
import { conditionOf, groupsOf } from "./fixture.ts";

const slow = conditionOf("slow", { moves: ["wait_seconds"], triggers: ["TooSlow"] });
const broken = conditionOf("broken", { moves: ["errors_total", "wait_seconds"] });
const blind = conditionOf("blind", { moves: ["up"], endsSeries: true });
const conditions = [slow, broken, blind];

function triedFor(rule: string): readonly string[] {
  return drilledRules(groupsOf(rule), conditions).flatMap((each) => each.conditions.map(({ name }) => name));
}

describe("the conditions that a rule is drilled with", () => {
  it("are those that were made for it, and no other", () => {
    expect(triedFor("alert: TooSlow, expr: wait_seconds > 1")).toEqual(["slow"]);
  });

  it("are, for a rule without its own condition, those that change its metrics, the most of them first", () => {
    expect(triedFor("alert: Mine, expr: wait_seconds > 1 and errors_total > 1")).toEqual(["broken", "slow"]);
  });

  it("do not exist for a rule whose metrics nothing changes", () => {
    expect(triedFor("alert: Mine, expr: error_total > 1")).toEqual([]);
  });

  it("make series disappear for a rule that waits for that, even when another changes its metric", () => {
    expect(triedFor("alert: Mine, expr: absent(wait_seconds)")).toEqual(["blind"]);
    expect(triedFor("alert: Mine, expr: up == 0")).toEqual(["blind"]);
  });
});

describe("the next condition", () => {
  const planted = conditionOf("planted", { environment: { DEFECTS: "one" } });
  const open = [
    { name: "A", untried: [planted, slow] },
    { name: "B", untried: [broken] },
  ];

  it("is one that the running lab can create, if it is the most likely of some rule", () => {
    expect(nextCondition(open, {})).toBe(broken);
    expect(nextCondition(open, { DEFECTS: "one" })).toBe(planted);
  });

  it("is otherwise the most likely one of the first rule", () => {
    expect(nextCondition(open, null)).toBe(planted);
    expect(nextCondition(open, { DEFECTS: "two" })).toBe(planted);
  });

  it("does not exist when all were tried", () => {
    expect(nextCondition([{ name: "A", untried: [] }], {})).toBeUndefined();
    expect(nextCondition([], {})).toBeUndefined();
  });

  it("requires a lab with exactly the same variables", () => {
    expect(sameEnvironment({}, {})).toBe(true);
    expect(sameEnvironment({}, { DEFECTS: "one" })).toBe(false);
    expect(sameEnvironment({ DEFECTS: "one" }, {})).toBe(false);
  });
});
