import { describe, expect, it } from "vitest";
import { alertsOf } from "../alerting/rule.ts";
import { loadRuleFiles, RULE_FILES } from "../rule-files.ts";
import { sameExpression } from "./same-expression.ts";

describe("two expressions", () => {
  it.each([
    ["sum by (a) (rate(x[1m])) > 3", "sum by(a)(\n  rate( x[60s] )\n) > 3.0 # told"],
    ['x{a="b"} and on () y', "x{a='b'} and on() y"],
    ['sum by (a, b) (x{c="d",e!="f"})', 'sum by (b, a) (x{e!="f",c="d"})'],
    ["vector(+Inf)", "vector(Inf)"],
    ["no promql )", " no promql ) "],
  ])("that ask for the same: %s", (left, right) => {
    expect(sameExpression(left, right)).toBe(true);
  });

  it.each([
    ["x > 120", "x > 1200"],
    ['x{a="b"}', 'x{a=~"b"}'],
    ["rate(x[1m])", "rate(x[5m])"],
    ["x", "x offset 5m"],
    ["sum by (a) (x)", "sum without (a) (x)"],
    ["vector(+Inf)", "vector(-Inf)"],
    ["vector(NaN)", "vector(0)"],
    ["x", "no promql )"],
  ])("that do not: %s, %s", (left, right) => {
    expect(sameExpression(left, right)).toBe(false);
  });

  it("are kanit's own triggers, each the same as itself on one line, and none as the next", async () => {
    const texts = alertsOf(await loadRuleFiles(RULE_FILES)).map(({ text }) => text);
    for (const [index, text] of texts.entries()) {
      expect(sameExpression(text.replaceAll(/\s+/g, " "), text)).toBe(true);
      expect(sameExpression(texts[index + 1] ?? "", text)).toBe(false);
    }
  });
});
