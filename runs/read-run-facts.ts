import type { RunFacts } from "../harness/index.ts";
import { loadRuleFiles, RULE_FILES } from "../signals/index.ts";
import { type Configuration, NO_CONFIGURATION } from "./configuration/configuration.ts";

/** What scenarios are checked against before a run: the rules that it watches, in its time scale, and own faults. */
export async function readRunFacts(
  timeScale: number,
  { rules, extensions }: Configuration = NO_CONFIGURATION,
): Promise<RunFacts> {
  return {
    rules: await loadRuleFiles([...RULE_FILES, ...rules]),
    timeScale,
    ownFaults: extensions.faults.map(({ name }) => name),
  };
}
