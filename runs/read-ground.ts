import type { Ground } from "../harness/index.ts";
import { loadRuleFiles } from "../signals/index.ts";

/** What scenarios are checked against before a run: the rules that it watches, in its time scale. */
export async function readGround(timeScale: number): Promise<Ground> {
  return { rules: await loadRuleFiles(), timeScale };
}
