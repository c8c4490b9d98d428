import { UsageError } from "../core/index.ts";

/** Turns any value into plain JSON data without secrets in it. */
export type Redact = (value: unknown) => unknown;

/** What stands in evidence where a secret stood. */
const REDACTED = "[redacted]";

/** Shorter values would be found by accident everywhere, and redacting them would ruin the evidence. */
const SHORTEST_SECRET_CHARS = 6;

/** Header and field names (lower case) whose value is a credential, whoever configured it. */
const SECRET_NAMES: ReadonlySet<string> = new Set([
  "authorization",
  "proxy-authorization",
  "cookie",
  "set-cookie",
  "x-mbx-apikey",
  "x-pck",
  "x-signature",
  "x-stamp-signature",
  "x-api-key",
  "x-auth-token",
  "apikey",
  "api-key",
  "apisecret",
  "api-secret",
  "secretkey",
  "password",
  "pgpassword",
  "access_token",
  "refresh_token",
  "client_secret",
]);

const NAME_PATTERN = [...SECRET_NAMES].sort((a, b) => b.length - a.length).join("|");
/** `X-MBX-APIKEY: abc`, `"password":"abc"`, `apiKey=abc`, and `signature=abc` of a signed Binance query. */
const ASSIGNMENT = new RegExp(
  `((?:^|[^\\w-])(?:${NAME_PATTERN}|signature)["']?\\s*[:=]\\s*["']?)((?:(?:basic|bearer)\\s+)?[^\\s"',;&]+)`,
  "gi",
);
/** The password in `postgres://user:password@host`. */
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)([^\s@/]+)(?=@)/gi;

/**
 * Makes the redaction that stands before everything that is filed. It removes the given secret values
 * wherever they occur (also percent-encoded or as Base64), the values of well-known credential headers and
 * fields, and passwords in URLs. Errors become `{name, message, code, nextStep, cause}`, big integers strings,
 * maps objects and sets arrays, so that nothing silently becomes `{}`.
 *
 * @throws UsageError `secret-too-short` for a secret of fewer than 6 characters.
 */
export function createRedaction(secrets: readonly string[]): Redact {
  const needles = secrets.flatMap(formsOf).sort((a, b) => b.length - a.length);
  const redactText = (text: string): string => {
    let clean = text;
    for (const needle of needles) clean = clean.replaceAll(needle, REDACTED);
    return clean.replace(ASSIGNMENT, `$1${REDACTED}`).replace(URL_PASSWORD, `$1${REDACTED}`);
  };
  return (value) => redactValue(value, redactText, []);
}

function formsOf(secret: string): string[] {
  if (secret.length < SHORTEST_SECRET_CHARS) {
    throw new UsageError({
      code: "secret-too-short",
      message: `Expected secrets of at least ${SHORTEST_SECRET_CHARS} characters, got one of ${secret.length}.`,
      nextStep: "Use a longer credential in the lab, or do not list this value as a secret.",
    });
  }
  return [...new Set([secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")])];
}

function redactValue(value: unknown, redactText: (text: string) => string, ancestors: object[]): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (ancestors.includes(value)) {
    throw new UsageError({
      code: "evidence-cyclic",
      message: "Expected evidence to be plain data, got an object that contains itself.",
      nextStep: "File the few fields that matter instead of the whole object.",
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
    const isSecret = SECRET_NAMES.has(name.toLowerCase()) && field !== null && field !== undefined;
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
