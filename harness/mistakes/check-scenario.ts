import { type Mistake, parseData } from "../../core/index.ts";
import { SCENARIO_SCHEMA, type Scenario } from "../experiment/scenario.ts";
import { durationMistakes } from "./durations.ts";
import { expectationMistakes } from "./expectations.ts";
import type { Ground } from "./ground.ts";
import { unknownMetrics } from "./metrics.ts";
import { overlapMistakes } from "./overlaps.ts";
import { readScenario, type ScenarioReading } from "./scenario-reading.ts";
import { triggerMistakes } from "./triggers.ts";

/** A valid scenario with its defaults, or all mistakes in it. */
export type CheckedScenario =
  | { readonly kind: "sound"; readonly scenario: Scenario; readonly warnings: readonly Mistake[] }
  | { readonly kind: "mistakes"; readonly mistakes: readonly Mistake[] };

/** The checks of a scenario whose parts are valid one by one. To add one, add a file and a line here. */
const RULES: readonly ((reading: ScenarioReading, ground: Ground) => readonly Mistake[])[] = [
  triggerMistakes,
  overlapMistakes,
  durationMistakes,
  expectationMistakes,
];

/**
 * Adds defaults to a scenario and checks it against what is known of its run, before any lab is started. All
 * mistakes are reported at once: an invalid part does not prevent the others from being checked.
 *
 * @param data As a user wrote it, or already complete.
 */
export function checkScenario(data: unknown, ground: Ground): CheckedScenario {
  const parsed = parseData(SCENARIO_SCHEMA, data);
  const reading = readScenario(data);
  const mistakes = [
    ...(parsed.kind === "mistakes" ? parsed.mistakes : []),
    ...RULES.flatMap((rule) => rule(reading, ground)),
  ];
  if (parsed.kind === "fits" && mistakes.length === 0) {
    return { kind: "sound", scenario: parsed.value, warnings: unknownMetrics(reading, ground) };
  }
  return { kind: "mistakes", mistakes };
}
