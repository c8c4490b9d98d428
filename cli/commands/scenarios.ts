import { type Command, Option } from "commander";
import { unfitness } from "../../harness/index.ts";
import { RUNTIME_NAMES, type RuntimeName } from "../../lab/index.ts";
import {
  badScenarios,
  DEFAULT_TIME_SCALE,
  findScenarios,
  readConfiguration,
  readRunFacts,
  type SelectedScenario,
} from "../../runs/index.ts";
import { ALL_SCENARIOS } from "../../scenarios/index.ts";
import type { CommandContext } from "../context.ts";
import { GREATEST_TIME_SCALE, positiveNumber } from "../parse-arguments.ts";
import { readPlatform, withPlatformFlag } from "../platform-flag.ts";
import { SELECTOR_HELP, type SelectionFlags, selectionOf, withSelectionFlags } from "../selection-flags.ts";

interface CheckFlags extends SelectionFlags {
  readonly platform: string;
  readonly runtime: RuntimeName;
  readonly timeScale: number;
}

/** `kanit list` and `kanit check`. */
export function addScenarioCommands(program: Command, context: CommandContext): void {
  const list = program
    .command("list")
    .description("list scenarios, the hypothesis of each, and its tags")
    .argument("[scenario...]", SELECTOR_HELP);
  withSelectionFlags(list).action((selectors: readonly string[], flags: SelectionFlags) =>
    listScenarios(selectors, flags, context),
  );

  const check = program
    .command("check")
    .description("check scenarios without running them: one line for each error")
    .argument("[scenario...]", `${SELECTOR_HELP} (default: the whole catalog)`);
  withPlatformFlag(withSelectionFlags(check))
    .addOption(
      new Option("--runtime <name>", "where they will be run").choices(RUNTIME_NAMES).default("local"),
    )
    .option(
      "--time-scale <n>",
      "trigger seconds in one second of the lab",
      positiveNumber(GREATEST_TIME_SCALE),
      DEFAULT_TIME_SCALE,
    )
    .action((selectors: readonly string[], flags: CheckFlags) => checkScenarios(selectors, flags, context));
}

async function listScenarios(
  selectors: readonly string[],
  flags: SelectionFlags,
  { output }: CommandContext,
): Promise<void> {
  const facts = await readRunFacts(DEFAULT_TIME_SCALE, "local", await readConfiguration(process.cwd()));
  const { selected, mistakes, warnings } = await findScenarios(
    selectionOf(selectors, flags),
    ALL_SCENARIOS,
    facts,
  );
  output.result({
    scenarios: selected.map(({ scenario: { name, hypothesis, tags }, selector }) => ({
      ...{ selector, name, hypothesis, tags },
    })),
    warnings,
  });
  const width = widthOf(selected);
  for (const { scenario, selector } of selected) {
    const tags = scenario.tags.length === 0 ? "" : `  [${scenario.tags.join(", ")}]`;
    output.line(`${selector.padEnd(width)}  ${scenario.hypothesis}${tags}`);
  }
  for (const warning of warnings) output.line(`warning: ${warning}`);
  if (mistakes.length > 0) throw badScenarios(mistakes);
}

async function checkScenarios(
  selectors: readonly string[],
  flags: CheckFlags,
  { environment, output }: CommandContext,
): Promise<void> {
  const platform = await readPlatform(flags.platform, environment);
  const facts = await readRunFacts(flags.timeScale, flags.runtime, await readConfiguration(process.cwd()));
  const { selected, mistakes, warnings } = await findScenarios(
    selectionOf(selectors, flags),
    ALL_SCENARIOS,
    facts,
  );
  output.result({
    scenarios: selected.map(({ scenario, selector }) => ({
      ...{ selector, name: scenario.name, notApplicable: unfitness(scenario, platform) },
    })),
    warnings,
  });
  const width = widthOf(selected);
  for (const { scenario, selector } of selected) {
    output.line(`${selector.padEnd(width)}  ${unfitness(scenario, platform) ?? "can be carried out"}`);
  }
  for (const warning of warnings) output.line(`warning: ${warning}`);
  if (mistakes.length > 0) throw badScenarios(mistakes);
}

function widthOf(selected: readonly SelectedScenario[]): number {
  return Math.max(0, ...selected.map(({ selector }) => selector.length));
}
