import { isCredentialName, REDACTED, type SecretRegistry, UsageError } from "../core/index.ts";

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

function redactValue(value: unknown, redactText: (text: string) => string, ancestors: object[]): unknown {
  if (typeof value === "string") return redactText(value);
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
    clean[redactText(name)] = isSecret ? REDACTED : redactValue(field, redactText, path);
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
