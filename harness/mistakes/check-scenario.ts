import { type Mistake, parseData } from "../../core/index.ts";
import { SCENARIO_SCHEMA, type Scenario } from "../experiment/scenario.ts";
import { durationMistakes } from "./durations.ts";
import { expectationMistakes } from "./expectations.ts";
import { unknownMetrics } from "./metrics.ts";
import { overlapMistakes } from "./overlaps.ts";
import { ownFaultMistakes } from "./own-faults.ts";
import type { RunFacts } from "./run-facts.ts";
import { runtimeMistakes } from "./runtime-limits.ts";
import { readScenario, type ScenarioReading } from "./scenario-reading.ts";
import { triggerMistakes } from "./triggers.ts";

/** A valid scenario with its defaults, or all mistakes in it. */
export type CheckedScenario =
  | { readonly kind: "valid"; readonly scenario: Scenario; readonly warnings: readonly Mistake[] }
  | { readonly kind: "mistakes"; readonly mistakes: readonly Mistake[] };

/** The checks of a scenario whose parts are valid one by one. To add one, add a file and a line here. */
const RULES: readonly ((reading: ScenarioReading, facts: RunFacts) => readonly Mistake[])[] = [
  triggerMistakes,
  overlapMistakes,
  durationMistakes,
  expectationMistakes,
  ownFaultMistakes,
  runtimeMistakes,
];

/**
 * Adds defaults to a scenario and checks it against what is known of its run, before any lab is started. All
 * mistakes are reported at once: an invalid part does not prevent the others from being checked.
 *
 * @param data As a user wrote it, or already complete.
 */
export function checkScenario(data: unknown, facts: RunFacts): CheckedScenario {
  const parsed = parseData(SCENARIO_SCHEMA, data);
  const reading = readScenario(data);
  const mistakes = [
    ...(parsed.kind === "mistakes" ? parsed.mistakes : []),
    ...RULES.flatMap((rule) => rule(reading, facts)),
  ];
  if (parsed.kind === "fits" && mistakes.length === 0) {
    return { kind: "valid", scenario: parsed.value, warnings: unknownMetrics(reading, facts) };
  }
  return { kind: "mistakes", mistakes };
}
