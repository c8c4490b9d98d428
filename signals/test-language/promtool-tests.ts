import { glob, readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { parseDurationMs, UsageError } from "../../core/index.ts";
import { loadRules } from "../alerting/load-rules.ts";
import type { RuleGroup } from "../alerting/rule.ts";
import { RuleGroupEvaluator, type RuleOutcome } from "../alerting/rule-group-evaluator.ts";
import { parseGoFloat } from "../go-float.ts";
import { Labels } from "../labels.ts";
import { DEFAULT_ENGINE } from "../promql/engine-options.ts";
import { instantQuery } from "../promql/query.ts";
import { SampleStore } from "../sample-store.ts";
import { readYamlTexts, yamlStruct, yamlTextMap } from "../yaml-texts.ts";
import { forEachStep, parseSeries } from "./series-notation.ts";

/** By default Prometheus evaluates rules once a minute. */
const DEFAULT_INTERVAL_MS = 60_000;
const duration = z.string().transform(parseDurationMs);
const float = z.string().transform((text, context) => {
  const value = readYamlFloat(text);
  if (value !== undefined) return value;
  context.addIssue({ code: "custom", message: `Expected a number, got ${JSON.stringify(text)}` });
  return z.NEVER;
});
const texts = yamlTextMap.default({});
/** The time from which a test's times count: RFC 3339, or seconds since the epoch. */
const moment = z.string().transform((text, context) => {
  const seconds = parseGoFloat(text);
  const timeMs = seconds === undefined ? Date.parse(text) : Math.round(seconds * 1_000);
  if (!Number.isNaN(timeMs)) return timeMs;
  context.addIssue({ code: "custom", message: `Expected a time, got ${JSON.stringify(text)}` });
  return z.NEVER;
});

const testSchema = yamlStruct({
  name: z.string().default(""),
  interval: duration.optional(),
  input_series: z.array(yamlStruct({ series: z.string(), values: z.string().default("") })).default([]),
  alert_rule_test: z
    .array(
      yamlStruct({
        eval_time: duration.default(0),
        alertname: z.string(),
        exp_alerts: z.array(yamlStruct({ exp_labels: texts, exp_annotations: texts })).default([]),
      }),
    )
    .default([]),
  promql_expr_test: z
    .array(
      yamlStruct({
        expr: z.string(),
        eval_time: duration.default(0),
        exp_samples: z
          .array(yamlStruct({ labels: z.string().default(""), value: float.default(0) }))
          .default([]),
      }),
    )
    .default([]),
  external_labels: texts,
  external_url: z.string().default(""),
  start_timestamp: moment.default(0),
});
const fileSchema = yamlStruct({
  rule_files: z.array(z.string()).default([]),
  evaluation_interval: duration.transform((ms) => ms || DEFAULT_INTERVAL_MS).default(DEFAULT_INTERVAL_MS),
  group_eval_order: z.array(z.string()).default([]),
  fuzzy_compare: z.enum(["true", "false"]).default("false"),
  tests: z.array(testSchema).default([]),
});

type RuleTest = z.output<typeof testSchema>;

/** One test of a file in promtool's format, with its errors; none when it passes. */
export interface RuleTestOutcome {
  readonly name: string;
  readonly wrong: readonly string[];
}

/** Settings that all tests of a file share. */
interface TestFile {
  readonly groups: readonly RuleGroup[];
  readonly intervalMs: number;
  readonly areEqual: (left: number, right: number) => boolean;
}

/**
 * Runs a file of rule tests, in the format of `promtool test rules`, with kanit's own evaluator.
 *
 * @throws UsageError `bad-rule-test` for a file that promtool refuses too, or like `loadRules`.
 */
export async function runRuleTests(path: string): Promise<readonly RuleTestOutcome[]> {
  const text = await readFile(path, "utf8");
  const file = readTestFile(text, path);
  const paths = await Promise.all(file.rule_files.map((name) => filesNamed(resolve(dirname(path), name))));
  const groups = (await Promise.all(paths.flat().map(loadRules))).flat();
  const place = new Map(file.group_eval_order.map((name, index) => [name, index]));
  const shared: TestFile = {
    groups: groups.toSorted((left, right) => (place.get(left.name) ?? 0) - (place.get(right.name) ?? 0)),
    intervalMs: file.evaluation_interval,
    areEqual: file.fuzzy_compare === "true" ? areNeighbors : (left, right) => left === right,
  };
  return file.tests.map((test) => ({ name: test.name, wrong: runTest(test, shared) }));
}

function readTestFile(text: string, path: string): z.output<typeof fileSchema> {
  try {
    return fileSchema.parse(readYamlTexts(text));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new UsageError({
      code: "bad-rule-test",
      message: `Expected tests in the format of promtool test rules in ${path}: ${reason}`,
      nextStep: "Correct the file; `promtool test rules` reads the same one.",
      cause,
    });
  }
}

/** The files that match a name with wildcards. */
async function filesNamed(pattern: string): Promise<readonly string[]> {
  if (!/[*?[]/.test(pattern)) return [pattern];
  const found: string[] = [];
  for await (const path of glob(pattern)) found.push(path);
  return found.sort();
}

/** The numbers of YAML 1.1 that Go's decoder reads as a float. */
function readYamlFloat(text: string): number | undefined {
  const special = /^([+-]?)\.(?:inf|Inf|INF)$/.exec(text);
  if (special !== null) return special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return Number.NaN;
  if (/^0x[0-9a-f]+$/i.test(text)) return Number.parseInt(text, 16);
  return parseGoFloat(text.replaceAll("_", ""));
}

/** Whether two numbers are equal or adjacent floats, which `fuzzy_compare` allows. */
function areNeighbors(left: number, right: number): boolean {
  if (left === right) return true;
  if (left < 0 !== right < 0) return false;
  const [one, other] = new BigInt64Array(Float64Array.of(left, right).buffer) as unknown as [bigint, bigint];
  return one - other === 1n || other - one === 1n;
}

function runTest(test: RuleTest, { groups, intervalMs, areEqual }: TestFile): readonly string[] {
  const store = new SampleStore(null, { retentionMs: Number.POSITIVE_INFINITY });
  const startMs = test.start_timestamp;
  for (const { series, values } of test.input_series) {
    const { labels } = parseSeries(series);
    forEachStep(values, (step, index) => {
      const atMs = startMs + index * (test.interval || intervalMs);
      if (typeof step === "number") store.append(labels, atMs, step);
      else if (step === "stale") store.appendStale(labels, atMs);
    });
  }
  const external = { labels: test.external_labels, url: test.external_url };
  const evaluators = groups.map((group) => new RuleGroupEvaluator(group, store, DEFAULT_ENGINE, external));
  const checks = [...test.alert_rule_test, ...test.promql_expr_test];
  const lastMs = Math.max(0, ...checks.map((check) => check.eval_time));
  const wrong: string[] = [];
  for (let sinceMs = 0; sinceMs <= lastMs; sinceMs += intervalMs) {
    const outcomes = evaluators.flatMap((evaluator) => evaluator.evaluate(startMs + sinceMs));
    for (const check of test.alert_rule_test) {
      // As in promtool, a check belongs to the last evaluation at or before its time.
      if (check.eval_time >= sinceMs && check.eval_time < sinceMs + intervalMs)
        wrong.push(...wrongAlerts(check, outcomes));
    }
    wrong.push(...outcomes.flatMap((outcome) => (outcome.kind === "failed" ? [String(outcome.error)] : [])));
  }
  for (const check of test.promql_expr_test) wrong.push(...wrongSamples(check, store, startMs, areEqual));
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

function wrongSamples(
  check: RuleTest["promql_expr_test"][number],
  store: SampleStore,
  startMs: number,
  areEqual: TestFile["areEqual"],
): readonly string[] {
  const { value } = instantQuery(store, check.expr, startMs + check.eval_time);
  const samples =
    value.kind === "vector"
      ? value.samples
      : value.kind === "scalar"
        ? [{ labels: Labels.empty, value: value.value }]
        : [];
  const isRight =
    samples.length === check.exp_samples.length &&
    check.exp_samples.every((wanted) => {
      const labels = wanted.labels.trim() === "" ? Labels.empty : parseSeries(wanted.labels).labels;
      const match = samples.find((sample) => sample.labels.key === labels.key);
      return match !== undefined && areEqual(wanted.value, match.value);
    });
  const received = samples.map((sample) => `${sample.labels} ${sample.value}`);
  return isRight ? [] : [`${check.expr}: got ${received.join(", ") || "nothing"}`];
}
