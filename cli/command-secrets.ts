import { SecretRegistry } from "../core/index.ts";
import { LINK_NAMES } from "../lab/index.ts";
import { ALL_SCENARIOS } from "../scenarios/index.ts";
import { VENUE_NAMES } from "../venues/index.ts";

const VARIABLE_FLAG = /^--env(?:=(?<text>.*))?$/s;

/** Words that are frequent in the evidence: they are not secret just because a variable contains one. */
const PLAIN_WORDS: readonly string[] = [
  ...LINK_NAMES,
  ...VENUE_NAMES,
  ...ALL_SCENARIOS.map(({ name }) => name),
];

/** A registry for one command. */
export function commandSecrets(): SecretRegistry {
  return new SecretRegistry(PLAIN_WORDS);
}

/**
 * Registers the secrets of a command line before it is parsed, since a message about a wrong argument quotes it:
 * the value of every `--env`, and the credentials of every address.
 *
 * @throws UsageError `secret-too-short` for a variable that is secret by its name and has too short a value.
 */
export function registerArguments(secrets: SecretRegistry, words: readonly string[]): void {
  for (const [index, word] of words.entries()) {
    secrets.registerUrl(word.replace(/^--[a-z-]+=/, ""));
    const flag = VARIABLE_FLAG.exec(word);
    if (flag === null) continue;
    const text = flag.groups?.text ?? words[index + 1] ?? "";
    const [, name = "--env", value = text] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? [];
    secrets.registerVariables({ [name]: value });
  }
}
