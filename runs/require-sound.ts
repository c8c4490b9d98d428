import { counted, describeMistake, UsageError } from "../core/index.ts";
import { checkScenario, type Experiment, type Ground } from "../harness/index.ts";

/**
 * Checks the scenarios of experiments before anything is started.
 *
 * @throws UsageError `bad-scenario` with a line for each mistake in any of them.
 */
export function requireSound(experiments: readonly Experiment[], ground: Ground): void {
  const scenarios = new Set(experiments.map(({ scenario }) => scenario));
  const lines = [...scenarios].flatMap((scenario) => {
    const checked = checkScenario(scenario, ground);
    if (checked.kind === "sound") return [];
    return checked.mistakes.map((mistake) => `${scenario.name}: ${describeMistake(mistake)}`);
  });
  if (lines.length > 0) throw badScenarios(lines);
}

/** The error for scenarios with these mistakes, one line each. */
function badScenarios(lines: readonly string[]): UsageError {
  return new UsageError({
    code: "bad-scenario",
    message: `Expected scenarios that can be carried out, got ${counted(lines.length, "mistake")}; nothing was started.`,
    nextStep: "docs/add-a-scenario.md says what a scenario consists of.",
    lines,
  });
}
