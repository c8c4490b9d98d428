import { SecretRegistry } from "../core/index.ts";
import { LINK_NAMES } from "../lab/index.ts";
import { ALL_SCENARIOS } from "../scenarios/index.ts";
import { VENUE_NAMES } from "../venues/index.ts";

/** Names that the evidence is full of: a variable that holds one does not make it secret. */
const PLAIN_WORDS: readonly string[] = [
  ...LINK_NAMES,
  ...VENUE_NAMES,
  ...ALL_SCENARIOS.map(({ name }) => name),
];

/** A registry of secrets for one command, or for one use of the public interface. */
export function runSecrets(): SecretRegistry {
  return new SecretRegistry(PLAIN_WORDS);
}
