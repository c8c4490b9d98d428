import { join } from "node:path";
import { readPlatformDefinition } from "../../definition/index.ts";
import type { RunRecord, ScenarioRecord } from "../../evidence/index.ts";
import type { Scenario } from "../../harness/index.ts";
import { scenarioNamed } from "../../scenarios/index.ts";
import { runTogether, testLab } from "./suite.ts";

/** Books that a defect has corrupted never settle, so that they are awaited for this long only. */
const CORRUPTED_SETTLE_MS = 3_000;

/** Runs scenarios on the platform of an example's folder, whose defects are planted by these variables. */
export async function runOnExample(
  folder: string,
  scenarios: readonly Scenario[],
  defects: Readonly<Record<string, string>> = {},
): Promise<RunRecord> {
  const lab = await testLab();
  const platform = await readPlatformDefinition(join(folder, "platform.yml"));
  const isSound = Object.keys(defects).length === 0;
  const settlesWithinMs = isSound ? platform.settlesWithinMs : CORRUPTED_SETTLE_MS;
  return runTogether(scenarios, {
    ...lab,
    platform: { ...platform, settlesWithinMs },
    platformEnvironment: defects,
  });
}

/** The names of a scenario's checks that failed. */
export function failedChecks(record: ScenarioRecord | undefined): readonly string[] {
  return (record?.checks ?? []).filter(({ verdict }) => verdict === "fail").map(({ name }) => name);
}

/** A scenario of the catalog that measures the steady state for as long as a test has time. */
export function shortened(name: string, steadyBeforeMs: number): Scenario {
  const scenario = scenarioNamed(name);
  const steadyAfterMs = scenario.faults.length === 0 ? 0 : 1_000;
  return { ...scenario, timing: { steadyBeforeMs, steadyAfterMs } };
}
