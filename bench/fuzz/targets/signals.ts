import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { parseDurationMs } from "../../../core/duration.ts";
import { linearPattern } from "../../../core/linear-pattern.ts";
import { parseRules } from "../../../signals/alerting/load-rules.ts";
import { parseTemplate } from "../../../signals/alerting/template.ts";
import { parseExposition } from "../../../signals/exposition/parse-exposition.ts";
import { Labels } from "../../../signals/labels.ts";
import { parsePromql } from "../../../signals/promql/parse-promql.ts";
import { queryStore } from "../../../signals/query-store.ts";
import { SampleStore } from "../../../signals/sample-store.ts";
import { runRuleTests } from "../../../signals/test-language/promtool-tests.ts";
import { runScript } from "../../../signals/test-language/run-script.ts";
import { type FuzzTarget, SHARES, target, textsNear } from "../fuzz-target.ts";
import { shapesOf } from "../json-shapes.ts";

const RULES = [
  `groups:
  - name: g
    interval: 15s
    rules:
      - alert: A
        expr: sum(rate(x[5m])) > 0.05
        for: 5m
        labels: { severity: critical }
        annotations: { summary: "{{ $labels.job }} at {{ $value | humanize }}" }
      - record: a:b
        expr: up == 1
`,
];
const RULE_FILES = RULES.map((text): unknown => parse(text));
const RULE_TESTS = {
  ...{ rule_files: ["rules.yml"], evaluation_interval: "1m", fuzzy_compare: "true" },
  tests: [
    {
      ...{ name: "t", interval: "1m", external_labels: { a: "b" }, start_timestamp: "2025-06-01T12:00:00Z" },
      input_series: [{ series: 'x{job="a"}', values: "0+1x10 _ stale 5 {{schema:1}}" }],
      alert_rule_test: [
        { eval_time: "6m", alertname: "A", exp_alerts: [{ exp_labels: { job: "a" }, exp_annotations: {} }] },
      ],
      promql_expr_test: [{ expr: "sum(x)", eval_time: "5m", exp_samples: [{ labels: "{}", value: 5 }] }],
    },
  ],
};
const SCRIPTS = ['load 5m\n  x{a="b"} 0+1x10\n\neval instant at 50m sum(x)\n  {} 10\n\nclear\n'];
const SCRIPT_WORDS = [
  "load 5m\n",
  "eval instant at 5m ",
  "eval range from 0 to 10m step 1m ",
  "x",
  "{}",
  "1e9",
  "+",
  "x1000000",
  "_x999999999",
  "\n",
  "  ",
  "clear",
  "expect fail",
  "0+1x10",
  "5s",
  "at -1m",
];
const EXPRESSIONS = [
  'sum by (le) (rate(http_seconds_bucket{code=~"5..|4[0-9]+",job!="x"}[5m] offset -1m)) > bool 0.5',
  "max_over_time(sum(up)[1h:10s] @ end()) unless on(a) group_left(b) vector(1)",
  'label_replace(up, "a", "$1", "b", "(.*)") == 2. and histogram_quantile(0.9, x_bucket)',
];
const PROMQL_WORDS = [
  ..."(){}[],+-*/%^".split(""),
  ..." by , without , on , ignoring , group_left , offset ,@, bool , and , or , unless ".split(","),
  ...'sum rate(up[5m]) topk quantile x_bucket {a=~"b+"} [5m] [1h:1s] 5m 1e9 Inf 0x1f "s" \'q\' `r` # \n'.split(
    " ",
  ),
];
const EXPOSITIONS = [
  '# HELP a b\n# TYPE a counter\na{x="y\\"z",le="+Inf"} 1.5e3 1700000000000\n',
  '# TYPE h histogram\nh_bucket{le="1"} 2\nh_sum NaN\nh_count 2 # {trace="x"} 1\n# EOF\n',
];
const TEMPLATES = [
  "{{ $labels.job }} is {{ $value | humanize }}{{ if gt $value 1.0 }} high{{ else }} low{{ end }}",
  '{{ range query "up" }}{{ .Labels.a | toUpper }}{{ end }}{{ printf "%5.2f%%" $value }}{{ with 1 }}{{ . }}{{ end }}',
  '{{ reReplaceAll "(a+)+$" "$1" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!" }}',
];
const TEMPLATE_WORDS = [
  ...'{{ }} if else end range with define template $value $labels . | ( ) := printf humanize "%v" 1 -1.5 {{- -}}'.split(
    " ",
  ),
  ...'{{/* */}} .x.y query title match "(a|b)*" nil true sortByLabel args'.split(" "),
];

const store = new SampleStore(null);
store.append(Labels.of({ __name__: "up", job: "a" }), 1_000, 1);

/** The languages of metrics, queries and rules. */
export const signalTargets = (folder: string): readonly FuzzTarget[] => [
  target("promql", textsNear(PROMQL_WORDS, EXPRESSIONS), parsePromql),
  target("promql-query", textsNear(PROMQL_WORDS, EXPRESSIONS), (text) => queryStore(store, text, 1_000)),
  target(
    "exposition",
    textsNear(["# TYPE ", "a", "{", "}", "=", '"', ",", " ", "\n", "1", "NaN", "\\", "+Inf"], EXPOSITIONS),
    (text) => parseExposition(text),
  ),
  target(
    "rules",
    textsNear(
      [
        "groups:",
        "- ",
        "? ",
        "\n",
        "  ",
        "expr: ",
        "for: ",
        "5m",
        "&a ",
        "*a",
        "!!js ",
        "<<: ",
        "[",
        "{",
        "|",
      ],
      RULES,
    ),
    (text) => parseRules(text, "fuzz.yml"),
  ),
  target("template", textsNear(TEMPLATE_WORDS, TEMPLATES), (text) => {
    const external = { labels: {}, url: "http://127.0.0.1" };
    parseTemplate(text).fill({
      labels: Labels.of({ job: "a" }),
      value: 1,
      query: () => [],
      atMs: 0,
      external,
    });
  }),
  target(
    "pattern",
    textsNear(
      [..."()[]{}|*+?^$.\\-,".split(""), "a", "\\d", "(?:", "(?=", "{1000}"],
      ["(a+)+$", "^(x|y)*[^z]{2,9}\\b"],
    ),
    (text) => linearPattern(text),
  ),
  target(
    "duration",
    textsNear([..."0123456789.".split(""), "ms", "s", "m", "h", "d", " ", "-", "e"], ["1h30m", "500ms"]),
    parseDurationMs,
  ),
  target("rule-shapes", shapesOf(...RULE_FILES), (text) => parseRules(text, "fuzz.yml")),
  { ...target("rule-tests", shapesOf(RULE_TESTS), (text) => testRules(folder, text)), share: SHARES.files },
  target("promql-script", textsNear(SCRIPT_WORDS, SCRIPTS), (text) =>
    JSON.stringify(runScript(text, {}).map((outcome) => outcome)),
  ),
];

/** Runs tests in promtool's format, for rules beside them. */
async function testRules(folder: string, text: string): Promise<string> {
  writeFileSync(join(folder, "rules.yml"), RULES[0] ?? "");
  const path = join(folder, "rules.test.yml");
  writeFileSync(path, text);
  const outcomes = await runRuleTests(path);
  return outcomes.flatMap(({ wrong }) => wrong).join("\n");
}
