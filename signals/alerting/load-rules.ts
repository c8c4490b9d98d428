import { readFile } from "node:fs/promises";
import { z } from "zod";
import { KanitError, parseDurationMs, UnavailableError, UsageError } from "../../core/index.ts";
import { parsePromql } from "../promql/parse-promql.ts";
import { readYamlTexts, yamlStruct, yamlTextMap } from "../yaml-texts.ts";
import type { Rule, RuleGroup, Templates } from "./rule.ts";
import { parseTemplate } from "./template.ts";

const duration = z.string().transform((text, context) => {
  try {
    return parseDurationMs(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
    return z.NEVER;
  }
});
/** Prometheus 3 accepts any UTF-8 text as a name. */
const isName = (name: string) => name !== "" && name.isWellFormed();
const expression = z.string("must be set").min(1, "must be set");
const annotations = yamlTextMap
  .refine((texts) => Object.keys(texts).every(isName), "an empty text is not a name")
  .default({});
const labels = annotations.refine((texts) => !("__name__" in texts), "__name__ cannot be set by a rule");

/**
 * Unknown fields are refused, as in Prometheus: a misspelled `for` would otherwise make the alert fire at
 * once.
 */
const alertSchema = yamlStruct({
  alert: z.string().min(1),
  expr: expression,
  for: duration.default(0),
  keep_firing_for: duration.default(0),
  labels,
  annotations,
});
const neverWaits = "is not a field of a recording rule";
const recordSchema = yamlStruct({
  record: z
    .string()
    .refine(isName, "is not a metric name")
    .refine((name) => !/[{}]/.test(name), "has braces and is not a metric name; it may belong in expr"),
  expr: expression,
  labels,
  for: duration.refine((ms) => ms === 0, neverWaits).default(0),
  keep_firing_for: duration.refine((ms) => ms === 0, neverWaits).default(0),
  annotations: annotations.refine((texts) => Object.keys(texts).length === 0, neverWaits),
});
const groupSchema = yamlStruct({
  name: z.string().min(1),
  interval: duration.optional(),
  query_offset: duration.default(0),
  limit: z
    .string()
    .regex(/^[+-]?\d+$/, "is not a whole number")
    .transform(Number)
    .default(0),
  labels,
  rules: z.array(z.record(z.string(), z.unknown()).nullable()).default([]),
});
const fileSchema = yamlStruct({ groups: z.array(groupSchema).default([]) });

/**
 * Parses rules in Prometheus's rule-file format.
 *
 * @throws UsageError `bad-rules` with the file, the group, the rule and the error.
 */
export function parseRules(text: string, fileName: string): readonly RuleGroup[] {
  const file = check(fileSchema, readYaml(text, fileName), fileName);
  const names = new Set<string>();
  return file.groups.map((group) => {
    const where = `${fileName}, group ${JSON.stringify(group.name)}`;
    if (names.has(group.name)) throw badRules(where, "the group's name is used twice");
    names.add(group.name);
    return {
      name: group.name,
      intervalMs: group.interval === undefined || group.interval === 0 ? null : group.interval,
      queryOffsetMs: group.query_offset,
      limit: group.limit > 0 ? group.limit : null,
      rules: group.rules.map((rule, index) =>
        readRule(rule ?? {}, group.labels, `${where}, rule ${index + 1}`),
      ),
    };
  });
}

/**
 * Reads a rule file.
 *
 * @throws UnavailableError `no-rule-file` when it cannot be read; otherwise like `parseRules`.
 */
export async function loadRules(path: string): Promise<readonly RuleGroup[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new UnavailableError({
      code: "no-rule-file",
      message: `Expected a readable rule file at ${path}.`,
      nextStep: "Check the path.",
      cause,
    });
  }
  return parseRules(text, path);
}

function readYaml(text: string, fileName: string): unknown {
  try {
    return readYamlTexts(text);
  } catch (cause) {
    throw badRules(fileName, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown, where: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const reasons = result.error.issues.map((issue) => `${issue.path.join(".") || "it"}: ${issue.message}`);
  throw badRules(where, reasons.join("; "), result.error);
}

function readRule(raw: Record<string, unknown>, groupLabels: Record<string, string>, where: string): Rule {
  const isSet = (field: string) => raw[field] !== undefined && raw[field] !== null && raw[field] !== "";
  if (isSet("alert") === isSet("record")) throw badRules(where, "a rule has either alert or record");
  try {
    if (isSet("record")) {
      const { record, expr, labels } = check(recordSchema, raw, where);
      return {
        kind: "record",
        name: record,
        text: expr,
        expr: parsePromql(expr),
        labels: { ...groupLabels, ...labels },
      };
    }
    const rule = check(alertSchema, raw, where);
    return {
      kind: "alert",
      name: rule.alert,
      text: rule.expr,
      expr: parsePromql(rule.expr),
      forMs: rule.for,
      keepFiringForMs: rule.keep_firing_for,
      labels: templates({ ...groupLabels, ...rule.labels }),
      annotations: templates(rule.annotations),
    };
  } catch (cause) {
    if (cause instanceof KanitError && cause.code === "bad-rules") throw cause;
    const name = raw.alert ?? raw.record;
    throw badRules(
      `${where} (${String(name)})`,
      cause instanceof Error ? cause.message : String(cause),
      cause,
    );
  }
}

function templates(byName: Readonly<Record<string, string>>): Templates {
  return Object.fromEntries(Object.entries(byName).map(([name, text]) => [name, parseTemplate(text)]));
}

function badRules(where: string, reason: string, cause?: unknown): UsageError {
  return new UsageError({
    code: "bad-rules",
    message: `Expected Prometheus rules in ${where}: ${reason}`.replace(/\.?$/, "."),
    nextStep: "Correct the rule; `promtool check rules` checks the same file.",
    cause,
  });
}
