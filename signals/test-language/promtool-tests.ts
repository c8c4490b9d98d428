import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { parseDurationMs } from "../../core/index.ts";
import { loadRules } from "../alerting/load-rules.ts";
import type { RuleGroup } from "../alerting/rule.ts";
import { RuleGroupEvaluator, type RuleOutcome } from "../alerting/rule-group-evaluator.ts";
import { Labels } from "../labels.ts";
import { DEFAULT_ENGINE } from "../promql/engine-options.ts";
import { instantQuery } from "../promql/query.ts";
import { SampleStore } from "../sample-store.ts";
import { almostEqual } from "./almost-equal.ts";
import { forEachStep, parseSeries } from "./series-notation.ts";

const duration = z.union([z.string(), z.number()]).transform((text) => parseDurationMs(String(text)));
const texts = z.record(z.string(), z.coerce.string()).default({});
const fileSchema = z.strictObject({
  rule_files: z.array(z.string()).default([]),
  evaluation_interval: duration.default(60_000),
  tests: z.array(
    z.strictObject({
      name: z.string().default(""),
      interval: duration.optional(),
      input_series: z.array(z.strictObject({ series: z.string(), values: z.string() })).default([]),
      alert_rule_test: z
        .array(
          z.strictObject({
            eval_time: duration,
            alertname: z.string(),
            exp_alerts: z.array(z.strictObject({ exp_labels: texts, exp_annotations: texts })).default([]),
          }),
        )
        .default([]),
      promql_expr_test: z
        .array(
          z.strictObject({
            expr: z.string(),
            eval_time: duration,
            exp_samples: z.array(z.strictObject({ labels: z.string(), value: z.number() })).default([]),
          }),
        )
        .default([]),
    }),
  ),
});

type RuleTest = z.output<typeof fileSchema>["tests"][number];

/** One test of a file in promtool's format, with what is wrong; nothing when it passes. */
export interface RuleTestOutcome {
  readonly name: string;
  readonly wrong: readonly string[];
}

/** Runs a file of rule tests, in the format of `promtool test rules`, over kanit's own evaluator. */
export async function runRuleTests(path: string): Promise<readonly RuleTestOutcome[]> {
  const file = fileSchema.parse(parse(await readFile(path, "utf8")));
  const paths = file.rule_files.map((name) => resolve(dirname(path), name));
  const groups = (await Promise.all(paths.map(loadRules))).flat();
  return file.tests.map((test) => ({
    name: test.name,
    wrong: runTest(test, groups, file.evaluation_interval),
  }));
}

function runTest(test: RuleTest, groups: readonly RuleGroup[], intervalMs: number): readonly string[] {
  const store = new SampleStore({ retentionMs: Number.POSITIVE_INFINITY });
  for (const { series, values } of test.input_series) {
    const { labels } = parseSeries(series);
    forEachStep(values, (step, index) => {
      const atMs = index * (test.interval ?? intervalMs);
      if (typeof step === "number") store.append(labels, atMs, step);
      else if (step === "stale") store.appendStale(labels, atMs);
    });
  }
  const evaluators = groups.map((group) => new RuleGroupEvaluator(group, store, DEFAULT_ENGINE));
  const checks = [...test.alert_rule_test, ...test.promql_expr_test];
  const lastMs = Math.max(0, ...checks.map((check) => check.eval_time));
  const wrong: string[] = [];
  for (let atMs = 0; atMs <= lastMs; atMs += intervalMs) {
    const outcomes = evaluators.flatMap((evaluator) => evaluator.evaluate(atMs));
    for (const check of test.alert_rule_test) {
      // As in promtool, a check belongs to the last evaluation at or before its time.
      if (check.eval_time >= atMs && check.eval_time < atMs + intervalMs)
        wrong.push(...wrongAlerts(check, outcomes));
    }
    wrong.push(...outcomes.flatMap((outcome) => (outcome.kind === "failed" ? [String(outcome.error)] : [])));
  }
  for (const check of test.promql_expr_test) wrong.push(...wrongSamples(check, store));
  return wrong;
}

function wrongAlerts(
  check: RuleTest["alert_rule_test"][number],
  outcomes: readonly RuleOutcome[],
): readonly string[] {
  const got = outcomes
    .flatMap((outcome) =>
      outcome.kind === "judged" && outcome.rule.name === check.alertname ? outcome.alerts : [],
    )
    .filter((alert) => alert.state === "firing")
    .map((alert) => describe(alert.labels.toRecord(), alert.annotations))
    .sort();
  const wanted = check.exp_alerts
    .map((alert) => describe({ ...alert.exp_labels, alertname: check.alertname }, alert.exp_annotations))
    .sort();
  if (got.join("\n") === wanted.join("\n")) return [];
  return [
    `${check.alertname} at ${check.eval_time / 1_000} s: expected ${wanted.join(", ") || "nothing"}, ` +
      `got ${got.join(", ") || "nothing"}`,
  ];
}

function describe(
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
): string {
  return `${Labels.of(labels)} ${Labels.of(annotations)}`;
}

function wrongSamples(check: RuleTest["promql_expr_test"][number], store: SampleStore): readonly string[] {
  const { value } = instantQuery(store, check.expr, check.eval_time);
  const samples =
    value.kind === "vector"
      ? value.samples
      : value.kind === "scalar"
        ? [{ labels: Labels.empty, value: value.value }]
        : [];
  const isRight =
    samples.length === check.exp_samples.length &&
    check.exp_samples.every((wanted) => {
      const { labels } = parseSeries(wanted.labels);
      const match = samples.find((sample) => sample.labels.key === labels.key);
      return match !== undefined && almostEqual(wanted.value, match.value);
    });
  const shown = samples.map((sample) => `${sample.labels} ${sample.value}`);
  return isRight ? [] : [`${check.expr}: got ${shown.join(", ") || "nothing"}`];
}
