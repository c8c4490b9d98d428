import type { z } from "zod";

const LONGEST_VALUE = 60;

/**
 * Describes on one line where data does not fit its schema, what was expected there and what came:
 * `load.rateRps: expected a number, got "fast"; load: expected no key "rate"`.
 *
 * @param data What was parsed, to show the values that came.
 */
export function describeMismatch(error: z.ZodError, data: unknown): string {
  return error.issues.map((issue) => describeIssue(issue, data)).join("; ");
}

type Issue = z.core.$ZodIssue;

function describeIssue(issue: Issue, data: unknown): string {
  const place = placeOf(issue.path);
  const prefix = place === "" ? "" : `${place}: `;
  if (issue.code === "unrecognized_keys") {
    return `${prefix}expected no key ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}`;
  }
  return `${prefix}expected ${expectedOf(issue)}, got ${valueText(valueAt(data, issue.path))}`;
}

/** The place as a person would write it in code: `faults[0].fault.latencyMs`. */
function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((place, key) => {
    if (typeof key === "number") return `${place}[${key}]`;
    return place === "" ? String(key) : `${place}.${String(key)}`;
  }, "");
}

const ARTICLES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

function expectedOf(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return ARTICLES[issue.expected] ?? issue.expected;
    case "invalid_value":
      return issue.values.length === 1 ? valueText(issue.values[0]) : `one of ${issue.values.join(", ")}`;
    case "too_small":
      return bound(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum);
    case "too_big":
      return bound(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum);
    default:
      return issue.message.replace(/^expected /i, "");
  }
}

const COUNTED: Readonly<Record<string, string>> = { string: " characters", array: " entries" };

function bound(origin: string, relation: string, limit: number | bigint): string {
  return `${relation} ${limit}${COUNTED[origin] ?? ""}`;
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    data,
  );
}

function valueText(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}
