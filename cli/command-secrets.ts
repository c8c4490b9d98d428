import type { SecretRegistry } from "../core/index.ts";

const VARIABLE_FLAG = /^--env(?:=(?<text>.*))?$/s;

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
