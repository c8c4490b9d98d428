import { mergeVerdicts, type Verdict } from "../../core/index.ts";
import { RUN_SCHEMA } from "../../evidence/index.ts";
import { type Draft, type JournaledEvents, NOT_JUDGED } from "./draft.ts";

/** A run of scenarios: each has its whole record in the journal from the moment it was judged. */
export function journaledScenarios(events: JournaledEvents): Draft | null {
  const [started] = events.of("run.started");
  const [surroundings] = events.of("run.environment");
  if (started === undefined || surroundings === undefined) return null;
  const { kind: _, planned, notRun, ...opening } = started;
  const scenarios = events.of("scenario.ended").map(({ record }) => record);
  const common = { schema: RUN_SCHEMA, ...opening, environment: surroundings.environment, scenarios };
  const [ended] = events.of("run.ended");
  if (ended !== undefined) {
    const { verdict, endedAt } = ended;
    return { record: { ...common, verdict, endedAt, notRun: ended.notRun }, isWhole: true };
  }
  const unjudged = listOf(planned).slice(scenarios.length);
  const record = {
    ...common,
    endedAt: events.lastAt,
    verdict: mergeVerdicts([
      "inconclusive",
      ...scenarios.map((each) => (each as { verdict: Verdict }).verdict),
    ]),
    notRun: [...listOf(notRun), ...unjudged.map((name) => whyUnjudged(name, events))],
  };
  return { record, isWhole: false };
}

/** How far a scenario had come when the run ended. */
function whyUnjudged(name: unknown, events: JournaledEvents) {
  const isBegun = events.of("scenario.started").some(({ scenario }) => scenario === name);
  const phase = events.of("phase.started").findLast(({ scenario }) => scenario === name)?.phase;
  const where = phase === undefined ? "before its load" : `in its phase ${String(phase)}`;
  return { name, why: `${isBegun ? `broken off ${where}` : "not begun"}: ${NOT_JUDGED}` };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
