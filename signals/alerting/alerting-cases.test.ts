import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Labels } from "../labels.ts";
import { createMatcher } from "../matcher.ts";
import { DEFAULT_ENGINE } from "../promql/engine-options.ts";
import { SampleStore } from "../sample-store.ts";
import { runRuleTests } from "../test-language/promtool-tests.ts";
import { parseRules } from "./load-rules.ts";
import { RuleGroupEvaluator } from "./rule-group-evaluator.ts";

const pathOf = (name: string) => fileURLToPath(new URL(`cases/${name}`, import.meta.url));
const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;
/** promtool opens a database on disk for each case, and a busy disk makes that slow. */
const SLOW = { timeout: 60_000 };
const promtool = (name: string) =>
  spawnSync("promtool", ["test", "rules", pathOf(name)], { encoding: "utf8" });

describe("alerts and their texts", () => {
  it("are as the cases say, in kanit's evaluator", async () => {
    const outcomes = await runRuleTests(pathOf("alerting.test.yml"));
    expect(outcomes.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
  });

  it.skipIf(!hasPromtool)(
    "are as the same cases say, in promtool (skipped where it is not on the PATH)",
    () => {
      expect(promtool("alerting.test.yml")).toMatchObject({ status: 0 });
    },
  );

  it("are read as Prometheus reads them: unquoted texts, merge keys, the first document, external labels", async () => {
    expect(await runRuleTests(pathOf("read-as-prometheus.test.yml"))).toEqual([
      { name: "as read", wrong: [] },
    ]);
  });

  it.skipIf(!hasPromtool)("are read so by promtool too (skipped as above)", SLOW, () => {
    expect(promtool("read-as-prometheus.test.yml")).toMatchObject({ status: 0 });
  });

  it("fail when a recording rule gives two series the same labels, in kanit's evaluator", async () => {
    const [outcome] = await runRuleTests(pathOf("recording-twins.test.yml"));
    expect(outcome?.wrong).toEqual([expect.stringMatching(/distinct labels for each series of r/)]);
  });

  it.skipIf(!hasPromtool)("fail so in promtool too (skipped as above)", SLOW, () => {
    const { status, stdout, stderr } = promtool("recording-twins.test.yml");
    expect(status).toBe(1);
    expect(stdout + stderr).toContain("same labelset after applying rule labels");
  });

  it("fail beyond the limit of their group, in kanit's evaluator", async () => {
    const [outcome] = await runRuleTests(pathOf("beyond-limit.test.yml"));
    expect(outcome?.wrong[0]).toMatch(/limit of 2, got 3 alerts/);
  });

  it.skipIf(!hasPromtool)(
    "fail beyond the limit of their group, in promtool (skipped as above)",
    SLOW,
    () => {
      const { status, stdout, stderr } = promtool("beyond-limit.test.yml");
      expect(status).toBe(1);
      expect(stdout + stderr).toContain("exceeded limit of 2 with 3 alerts");
    },
  );
});

/** A group over one counter, evaluated once a second. */
function evaluateGroup(group: string, seconds: number) {
  const store = new SampleStore(null);
  const [parsed] = parseRules(`groups: [{ name: g, ${group} }]`, "r");
  if (parsed === undefined) throw new Error("Expected a group.");
  const evaluator = new RuleGroupEvaluator(parsed, store, DEFAULT_ENGINE);
  const outcomes = Array.from({ length: seconds + 1 }, (_unused, second) => {
    store.append(Labels.of({ __name__: "v" }), second * 1_000, second);
    return evaluator.evaluate(second * 1_000);
  });
  return { store, last: outcomes.at(-1)?.[0] };
}

describe("a group's query offset", () => {
  it("reads the past, and writes with past times; an alert begins when it is evaluated", () => {
    const { store, last } = evaluateGroup('query_offset: 5s, rules: [{ alert: A, expr: "v > 2" }]', 10);
    expect(last).toMatchObject({ alerts: [{ value: 5, activeAtMs: 8_000 }] });
    const [alerts] = store.select([createMatcher("__name__", "=", "ALERTS")]);
    expect(alerts?.timesMs.slice(alerts.start, alerts.end)).toEqual(Float64Array.of(3_000, 4_000, 5_000));
  });
});

describe("a template's query", () => {
  it("is evaluated at the time of the evaluation, whatever the group's offset", () => {
    const annotation = "{{ query `v` | first | value }}";
    const { last } = evaluateGroup(
      `query_offset: 5s, rules: [{ alert: A, expr: "v > 2", annotations: { x: "${annotation}" } }]`,
      10,
    );
    expect(last).toMatchObject({ alerts: [{ value: 5, annotations: { x: "10" } }] });
  });
});

describe("a text that cannot be rendered", () => {
  it.each([
    ["{{ first (query `nothing`) }}", /no elements/],
    ["{{ if gt $value 1 }}a{{ end }}", /incompatible types/],
    ["{{ query `sum(` }}", /PromQL 1:5/],
    ["{{ $value.none }}", /field \.none/],
    ["{{ .labels.job }}", /field \.labels/],
    ["{{ range $value }}x{{ end }}", /a range over/],
    ["{{ template `none` }}", /undefined template/],
    ["{{ define `x` }}{{ template `x` }}{{ end }}{{ template `x` }}", /without end/],
    ["{{ printf `%#x` 5 }}", /the format %#x/],
  ])("%s is replaced by the error, and the alert fires nevertheless", (text, reason) => {
    const { last } = evaluateGroup(
      `rules: [{ alert: A, expr: "v > 0", annotations: { x: ${JSON.stringify(text)} } }]`,
      2,
    );
    const x = last?.kind === "judged" ? last.alerts[0]?.annotations.x : undefined;
    expect(x).toMatch(/^<error expanding template: /);
    expect(x).toMatch(reason);
  });

  it.each([
    "{{ if 1 }}",
    "{{ end }}",
    "{{ $value",
    "{{ }}",
    "{{ $label.job }}",
    "{{ if true }}{{ $x := 1 }}{{ end }}{{ $x }}",
    "{{ define `x` }}{{ $value }}{{ end }}",
    "{{ define `x` }}",
    "{{ range 3 }}{{ break }}{{ end }}",
    "{{ 1 2 }}",
    "{{ (1 }}",
    "{{ nope 1 }}",
  ])("%s is refused when the rules are read", (text) => {
    const rules = `rules: [{ alert: A, expr: v, annotations: { x: ${JSON.stringify(text)} } }]`;
    expect(() => evaluateGroup(rules, 0)).toThrow(expect.objectContaining({ code: "bad-rules" }));
  });
});
