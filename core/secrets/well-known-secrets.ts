/** Replaces a secret. */
export const REDACTED = "[redacted]";

/** Header and field names (lower case) whose value is always a credential. */
const CREDENTIAL_NAMES: ReadonlySet<string> = new Set([
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
  "passwd",
  "pgpassword",
  "access_token",
  "refresh_token",
  "client_secret",
]);
/** Words that mark a longer name as the name of a credential: `STRIPE_SECRET`, `db_password`. */
const CREDENTIAL_WORDS =
  "secret|passw(?:or)?d|passphrase|access_?token|auth_?token|api_?key|private_?key|credential";
const CREDENTIAL_WORD = new RegExp(`${CREDENTIAL_WORDS}|token`, "i");

const NAMES = [...CREDENTIAL_NAMES].sort((a, b) => b.length - a.length).join("|");
const VALUE = `((?:(?:basic|bearer)\\s+)?[^\\s"',;&]+)`;
/** `X-MBX-APIKEY: abc`, `"password":"abc"`, `apiKey=abc`, and `signature=abc` of a signed Binance query. */
const ASSIGNMENT = new RegExp(
  `((?:^|[^\\w-])(?:${NAMES}|signature)\\\\?["']?\\s*[:=]\\s*\\\\?["']?)${VALUE}`,
  "gi",
);
/** `STRIPE_SECRET=abc`: without a space, so that a sentence about a secret stays. */
const VARIABLE = new RegExp(`((?:${CREDENTIAL_WORDS})[\\w-]{0,40}\\\\?["']?[:=]\\\\?["']?)${VALUE}`, "gi");
/** The password in `postgres://user:password@host`. */
const URL_PASSWORD = /(:\/\/[^\s:/@]{0,200}:)([^\s@/]{1,1000})(?=@)/g;
/**
 * Scheme and credentials in a header's value: with at least one digit, so that "basic
 * authentication" is not replaced.
 */
const SCHEME = /\b((?:bearer|basic)\s+)(?=[^\s"']*\d)[\w.~+/=-]{8,}/gi;
const SHAPES: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g,
  // Web tokens, then the keys of AWS, GitHub, Slack and Stripe, by their own prefixes.
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\b(?:gh[pousr]_|github_pat_)\w{20,}/g,
  /\bxox[abeprs]-[\w-]{10,}/g,
  /\b[rs]k_(?:live|test)_\w{10,}/g,
];

/** Whether a name is that of a credential. */
export function isCredentialName(name: string): boolean {
  return CREDENTIAL_NAMES.has(name.toLowerCase());
}

/** Whether a variable's name says that its value is secret. */
export function saysSecret(name: string): boolean {
  return isCredentialName(name) || CREDENTIAL_WORD.test(name);
}

/** Removes what is a secret by its name or shape, registered or not. */
export function redactWellKnown(text: string): string {
  const named = text
    .replace(ASSIGNMENT, `$1${REDACTED}`)
    .replace(VARIABLE, `$1${REDACTED}`)
    .replace(URL_PASSWORD, `$1${REDACTED}`)
    .replace(SCHEME, `$1${REDACTED}`);
  return SHAPES.reduce((clean, shape) => clean.replace(shape, REDACTED), named);
}
