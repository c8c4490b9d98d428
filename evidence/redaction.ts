import { isCredentialName, REDACTED, type SecretRegistry, UsageError } from "../core/index.ts";
import { RECORD_WORDS } from "./records/record-words.ts";

/** Converts any value to plain JSON data without secrets. */
export type Redact = (value: unknown) => unknown;

/**
 * Creates the redaction that is applied to everything that is filed. It filters every text by the
 * registered and the well-known secrets, and removes the values of credential headers and fields. Errors
 * become `{name, message, code, nextStep, cause}`, big integers strings, maps objects and sets arrays, so
 * that nothing silently becomes `{}`.
 */
export function createRedaction(secrets: Pick<SecretRegistry, "filter">): Redact {
  return (value) => redactValue(value, (text) => secrets.filter(text), []);
}

/** Fields of the journal's events from which a record is put together. */
const EVENT_NAMES: ReadonlySet<string> = new Set([
  "drill",
  "lines",
  "manifest",
  "planned",
  "record",
  "run",
  "step",
]);
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/** A variable such as `MODE=recovery` or `RELEASE=2026-08-01` must not make a record that cannot be read back. */
function isStructure(text: string): boolean {
  return RECORD_WORDS.values.has(text) || TIME.test(text);
}

function isFieldName(name: string): boolean {
  return RECORD_WORDS.names.has(name) || EVENT_NAMES.has(name);
}

function redactValue(value: unknown, redactText: (text: string) => string, ancestors: object[]): unknown {
  if (typeof value === "string") return isStructure(value) ? value : redactText(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (ancestors.includes(value)) {
    throw new UsageError({
      code: "evidence-cyclic",
      message: "Expected evidence to be plain data, got an object that contains itself.",
      nextStep: "Record the few fields that matter instead of the whole object.",
    });
  }
  const path = [...ancestors, value];
  if ("toJSON" in value && typeof value.toJSON === "function") {
    return redactValue(value.toJSON(), redactText, path);
  }
  if (Array.isArray(value) || value instanceof Set) {
    return Array.from(value, (item: unknown) => redactValue(item, redactText, path));
  }
  const clean: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(plainOf(value))) {
    const isSecret = isCredentialName(name) && field !== null && field !== undefined;
    clean[isFieldName(name) ? name : redactText(name)] = isSecret
      ? REDACTED
      : redactValue(field, redactText, path);
  }
  return clean;
}

function plainOf(value: object): object {
  if (value instanceof Error) {
    const { name, message, cause } = value;
    const code = "code" in value ? { code: value.code } : {};
    const nextStep = "nextStep" in value ? { nextStep: value.nextStep } : {};
    return { name, message, ...code, ...nextStep, ...(cause === undefined ? {} : { cause }) };
  }
  return value instanceof Map ? Object.fromEntries(value) : value;
}
