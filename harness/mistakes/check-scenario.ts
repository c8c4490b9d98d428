import { type Mistake, parseData } from "../../core/index.ts";
import { SCENARIO_SCHEMA, type Scenario } from "../experiment/scenario.ts";
import { durationMistakes } from "./durations.ts";
import { expectationMistakes } from "./expectations.ts";
import type { Ground } from "./ground.ts";
import { overlapMistakes } from "./overlaps.ts";
import { readScenario, type ScenarioReading } from "./scenario-reading.ts";
import { triggerMistakes } from "./triggers.ts";

/** A scenario that can be carried out, completed, or everything that is wrong with it. */
export type CheckedScenario =
  | { readonly kind: "sound"; readonly scenario: Scenario }
  | { readonly kind: "mistakes"; readonly mistakes: readonly Mistake[] };

/** What a scenario cannot mean although each of its parts is right by itself. To add one: a file, and a line here. */
const RULES: readonly ((reading: ScenarioReading, ground: Ground) => readonly Mistake[])[] = [
  triggerMistakes,
  overlapMistakes,
  durationMistakes,
  expectationMistakes,
];

/**
 * Completes a scenario and checks it against what is known of its run, before any lab is started. All mistakes are
 * found at once: a part that is wrong keeps no other from being checked.
 *
 * @param data As a person wrote it, or complete already.
 */
export function checkScenario(data: unknown, ground: Ground): CheckedScenario {
  const parsed = parseData(SCENARIO_SCHEMA, data);
  const reading = readScenario(data);
  const mistakes = [
    ...(parsed.kind === "mistakes" ? parsed.mistakes : []),
    ...RULES.flatMap((rule) => rule(reading, ground)),
  ];
  if (parsed.kind === "fits" && mistakes.length === 0) return { kind: "sound", scenario: parsed.value };
  return { kind: "mistakes", mistakes };
}
