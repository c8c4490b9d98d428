import type { RunFacts } from "../harness/index.ts";
import { loadRuleFiles } from "../signals/index.ts";

/** What scenarios are checked against before a run: the rules that it watches, in its time scale. */
export async function readRunFacts(timeScale: number): Promise<RunFacts> {
  return { rules: await loadRuleFiles(), timeScale };
}
