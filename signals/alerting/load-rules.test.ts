import { describe, expect, it } from "vitest";
import { Labels } from "../labels.ts";
import { parseRules } from "./load-rules.ts";

const file = (rule: string, group = "") =>
  `groups:\n  - name: g\n${group}    rules:\n${rule.replace(/^/gm, "      ")}`;
const load = (rule: string, group = "") => parseRules(file(rule, group), "rules.yml");

describe("loading rule files", () => {
  it("reads alerts and recordings with their times in milliseconds", () => {
    const [group] = load(
      "- alert: A\n  expr: up == 0\n  for: 5m\n  keep_firing_for: 1h30m\n  labels: { severity: page }\n" +
        "- record: job:up:sum\n  expr: sum by (job) (up)",
      "    interval: 15s\n    labels: { team: a }\n",
    );
    expect(group).toMatchObject({ name: "g", intervalMs: 15_000 });
    expect(group?.rules[0]).toMatchObject({ kind: "alert", forMs: 300_000, keepFiringForMs: 5_400_000 });
    expect(group?.rules[1]).toMatchObject({ kind: "record", name: "job:up:sum", labels: { team: "a" } });
  });

  it.each([
    ["an unknown field", "- alert: A\n  expr: up\n  fro: 5m", /fro/],
    ["both alert and record", "- alert: A\n  record: b\n  expr: up", /either alert or record/],
    ["a bad duration", "- alert: A\n  expr: up\n  for: 5 minutes", /Expected a duration/],
    ["a bad expression", "- alert: A\n  expr: sum(", /rule 1 \(A\).*PromQL 1:5/],
    ["waiting times on a recording", "- record: a\n  expr: up\n  for: 5m", /for/],
    ["a record that is an expression", "- record: a{b}\n  expr: up", /has braces/],
    ["units out of order", "- alert: A\n  expr: up\n  for: 1m1h", /Expected a duration/],
    ["a rule without an expression", "- alert: A\n  expr:", /must be set/],
    [
      "an unknown template function",
      '- alert: A\n  expr: up\n  annotations: { x: "{{ graphs }}" }',
      /graphs/,
    ],
  ])("refuses %s and names the place", (_what, rule, message) => {
    expect(() => load(rule)).toThrow(message);
    expect(() => load(rule)).toThrow(/rules\.yml, group "g"/);
  });

  it("refuses a repeated group name, and text that is not YAML", () => {
    expect(() => parseRules("groups: [{ name: a }, { name: a }]", "r")).toThrow(/used twice/);
    expect(() => parseRules("groups: [", "r")).toThrow(expect.objectContaining({ code: "bad-rules" }));
  });

  it("keeps the text of unquoted scalars, and treats null as absent", () => {
    const [group] = load(
      "- record: 'UTF-8 ğ'\n  expr: 1\n  labels: { version: 1.10, paged: True, code: 0777, x: ~ }\n  annotations:",
    );
    expect(group?.rules).toMatchObject([
      { name: "UTF-8 ğ", labels: { version: "1.10", paged: "True", code: "0777", x: "" } },
    ]);
    expect(load("- alert: A\n  expr: up\n  for: 0\n  labels:\n  annotations: ~")[0]?.rules).toHaveLength(1);
    expect(parseRules("groups: [{ name: a, rules: }]", "r")).toMatchObject([{ rules: [] }]);
  });

  it("expands aliases and merge keys, a rule's own fields first", () => {
    const [group] = load(
      "- &base\n  alert: A\n  expr: up\n  for: 5m\n  annotations: { runbook.url: x }\n- { <<: *base, alert: B }",
    );
    expect(group?.rules).toMatchObject([
      { name: "A", forMs: 300_000 },
      { name: "B", forMs: 300_000 },
    ]);
  });

  it("reads the first of several documents, as Prometheus does", () => {
    expect(parseRules("groups: [{ name: a }]\n---\ngroups: [{ name: b }]", "r")).toMatchObject([
      { name: "a" },
    ]);
  });

  it("refuses a merge of something that is not a map", () => {
    expect(() => load("- alert: A\n  <<: 5")).toThrow(/map merge requires/);
  });

  it("refuses aliases that expand without limit", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let depth = 1; depth < 9; depth++)
      lines.push(
        `a${depth}: &a${depth} [${Array(10)
          .fill(`*a${depth - 1}`)
          .join(", ")}]`,
      );
    expect(() => parseRules(lines.join("\n"), "r")).toThrow(/what aliases repeat/);
  });

  it("reads an empty file as no rules", () => {
    expect(parseRules("", "r")).toEqual([]);
  });
});

describe("alert texts", () => {
  const fill = (text: string, value: number) => {
    const [group] = load(`- alert: A\n  expr: up\n  annotations: { x: ${JSON.stringify(text)} }`);
    const [rule] = group?.rules ?? [];
    if (rule?.kind !== "alert") throw new Error("Expected an alert.");
    return rule.annotations.x?.fill({
      labels: Labels.of({ job: "spark" }),
      value,
      query: () => [],
      atMs: 5_000,
      external: { labels: {}, url: "http://p/x" },
    });
  };

  it.each([
    ["{{ $labels.job }} is {{ $value }}", 0.25, "spark is 0.25"],
    ["{{ .Labels.job | toUpper }}{{ .Labels.none }}", 1, "SPARK"],
    ["{{ $value | humanize }}", 1_234_567, "1.235M"],
    ["{{ humanize $value }}", 0.001_5, "1.5m"],
    ["{{ $value | humanize1024 }}B", 1_048_576, "1MiB"],
    ["{{ $value | humanizePercentage }}", 0.034_56, "3.456%"],
    ["{{ $value | humanizeDuration }}", 0.487_5, "487.5ms"],
    ["{{ $value | humanizeDuration }}", 3_725, "1h 2m 5s"],
    ["{{ $value | humanizeDuration }}", 90_061, "1d 1h 1m 1s"],
    ['{{ printf "%.2f of %s" $value "x" }}', 0.5, "0.50 of x"],
    ['{{ $value | printf "%.0f%%" }}', 12.4, "12%"],
    ["{{- $value -}}", 1e21, "1e+21"],
    ['{{ "{{ $labels.job }}" }} {{ `}}` }}', 1, "{{ $labels.job }} }}"],
    ["{{ with $x := .Labels.job }}{{ $x }}={{ . }}{{ end }}", 1, "spark=spark"],
    ["{{ with $x := .Labels.none }}a{{ else }}none{{ $x }}{{ end }}", 1, "none"],
    ["{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $x := 3 }}{{ end }}{{ $x }}", 1, "2"],
    [
      "{{ define `x` }}<{{ . }}{{ $ }}>{{ end }}{{ template `x` $labels.job }}{{ template `x` }}",
      1,
      "<sparkspark><<no value><no value>>",
    ],
    ["{{ block `x` 5 }}{{ . }}{{ end }}", 1, "5"],
    ["{{ range 3 }}{{ . }}{{ end }}{{ range $i := 2 }}{{ $i }}{{ else }}none{{ end }}", 1, "01201"],
    ["{{ range 0 }}x{{ else }}none{{ end }} {{ 'A' }} {{ 0x1F }}", 1, "none 65 31"],
    ["{{ humanizeTimestamp $value }}", 1_700_000_000.567_8, "2023-11-14 22:13:20.567 +0000 UTC"],
    ["{{ humanizeTimestamp $value }}", -0.001_5, "1969-12-31 23:59:59.999 +0000 UTC"],
    [
      "{{ externalURL }}{{ pathPrefix }} {{ now }} {{ urlQueryEscape `a b&(c)` }}",
      1,
      "http://p/x/x 5 a+b%26%28c%29",
    ],
    ["{{ graphLink `up == 0` }}", 1, "/graph?g0.expr=up+%3D%3D+0&g0.tab=0"],
    ["{{ (args 1 `b`).arg1 }}", 1, "b"],
    [
      "{{ stripPort `[::1]:80` }} {{ stripPort `::1` }} {{ stripPort `a:b:c` }} {{ stripPort `a` }}",
      1,
      "::1 ::1 a:b:c a",
    ],
    [
      "{{ stripDomain `[::1]:80` }} {{ stripDomain `::1` }} {{ stripDomain `a.b:80` }} {{ stripDomain `a.b` }}",
      1,
      "[::1]:80 ::1 a:80 a",
    ],
  ])("%s with %d gives %s", (text, value, expected) => {
    expect(fill(text, value)).toBe(expected);
  });
});
