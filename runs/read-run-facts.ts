import type { RunFacts } from "../harness/index.ts";
import type { RuntimeName } from "../lab/index.ts";
import { loadRuleFiles, RULE_FILES } from "../signals/index.ts";
import { type Configuration, NO_CONFIGURATION } from "./configuration/configuration.ts";

/** What scenarios are checked against before a run: its rules, in its time scale, its runtime, and own faults. */
export async function readRunFacts(
  timeScale: number,
  runtime: RuntimeName,
  { rules, extensions }: Configuration = NO_CONFIGURATION,
): Promise<RunFacts> {
  return {
    rules: await loadRuleFiles([...RULE_FILES, ...rules]),
    timeScale,
    runtime,
    ownFaults: extensions.faults.map(({ name }) => name),
  };
}
