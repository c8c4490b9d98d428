import type { PlatformDefinition } from "../definition/index.ts";
import { type Experiment, type Scenario, unfitness } from "../harness/index.ts";
import { CATALOG, STAND_INS } from "../scenarios/index.ts";
import type { SelectedScenario } from "./selection/select-scenarios.ts";

/** How thoroughly a run goes through the catalog. */
export interface Profile {
  readonly summary: string;
  /** The tag of the scenarios of the catalog that it runs. */
  readonly tag: string;
  /** How often each scenario is run, each time with the next seed. */
  readonly repetitions: number;
  /** The factor by which the steady phases are longer than the scenario says. */
  readonly stretch: number;
}

export const PROFILES = {
  short: {
    summary: "the seven main scenarios once, in two minutes",
    tag: "short",
    repetitions: 1,
    stretch: 1,
  },
  nightly: {
    summary: "every scenario with three seeds, measured twice as long",
    tag: "nightly",
    repetitions: 3,
    stretch: 2,
  },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof PROFILES;

/**
 * The scenarios that a profile runs on a platform. In the place of one that does not apply to it stands one like it at
 * another venue, where there is such a one.
 */
export function scenariosOf(profile: Profile, platform: PlatformDefinition): readonly SelectedScenario[] {
  const applies = (scenario: Scenario) => unfitness(scenario, platform) === null;
  return CATALOG.filter(({ tags }) => tags.includes(profile.tag))
    .map((scenario) => {
      const standIn = STAND_INS.get(scenario.name);
      return standIn !== undefined && !applies(scenario) && applies(standIn) ? standIn : scenario;
    })
    .map((scenario) => ({ scenario, source: { kind: "catalog" }, selector: scenario.name, isNamed: false }));
}

/** The experiments of a profile over some scenarios; the n-th repetition has the seed `seed + n`. */
export function experimentsOf(
  profile: Profile,
  seed: number,
  selected: readonly SelectedScenario[],
): readonly Experiment[] {
  return Array.from({ length: profile.repetitions }, (_, repetition) =>
    selected.map(({ scenario, source, selector }) => ({
      scenario: stretched(scenario, profile.stretch),
      seed: seed + repetition,
      source,
      selector,
    })),
  ).flat();
}

function stretched(scenario: Scenario, factor: number): Scenario {
  const { steadyBeforeMs, steadyAfterMs } = scenario.timing;
  return {
    ...scenario,
    timing: { steadyBeforeMs: steadyBeforeMs * factor, steadyAfterMs: steadyAfterMs * factor },
  };
}
