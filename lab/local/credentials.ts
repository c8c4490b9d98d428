import { randomBytes, randomInt } from "node:crypto";
import type { SecretRegistry } from "../../core/index.ts";
import { CREDENTIALS, type VenueCredentials } from "../../venues/index.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * Draws the keys with which the platform signs its calls to the stubs, each in its venue's form, and
 * registers them as secrets.
 */
export function drawCredentials(secrets: SecretRegistry): VenueCredentials {
  const text = (length: number) =>
    Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  const base64 = (length: number) => randomBytes(length).toString("base64");
  const draw = { text, base64 };
  const drawn = CREDENTIALS.map(({ variable, form }) => [variable, draw[form.kind](form.length)] as const);
  for (const [variable, key] of drawn) secrets.register(variable, key);
  return Object.fromEntries(drawn);
}

/** The variables in which the stubs are told the keys. */
export function stubVariables(credentials: VenueCredentials): Readonly<Record<string, string>> {
  return Object.fromEntries(
    CREDENTIALS.map(({ stubVariable, variable }) => [stubVariable, credentials[variable] ?? ""]),
  );
}
