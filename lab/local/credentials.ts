import type { Random, SecretRegistry } from "../../core/index.ts";
import { CREDENTIALS, type VenueCredentials } from "../../venues/index.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * Draws the keys with which the platform signs its calls to the stubs, each in its venue's form, and
 * registers them as secrets.
 */
export function drawCredentials(random: Random, secrets: SecretRegistry): VenueCredentials {
  const text = (length: number) =>
    Array.from({ length }, () => ALPHABET[random.below(ALPHABET.length)]).join("");
  const base64 = (length: number) =>
    Buffer.from(Array.from({ length }, () => random.below(256))).toString("base64");
  const draw = { text, base64 };
  const drawn = CREDENTIALS.map(({ variable, form }) => [variable, draw[form.kind](form.length)] as const);
  for (const [variable, key] of drawn) secrets.register(variable, key);
  return Object.fromEntries(drawn);
}

/** The stubs' flags for the keys. */
export function credentialFlags(credentials: VenueCredentials): readonly string[] {
  return CREDENTIALS.map(({ flag, variable }) => `--${flag}=${credentials[variable]}`);
}
