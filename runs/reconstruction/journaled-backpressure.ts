import type { StepRecord } from "../../evidence/index.ts";
import { type Draft, type JournaledEvents, NOT_JUDGED } from "./draft.ts";

/** A search for a limit: each rate as it was last held. */
export function journaledBackpressure(events: JournaledEvents): Draft | null {
  const [started] = events.of("backpressure.started");
  const [surroundings] = events.of("backpressure.environment");
  if (started === undefined || surroundings === undefined) return null;
  const { kind: _, ratesRps: __, ...opening } = started;
  const { planted } = events.of("backpressure.planted")[0] ?? { planted: [] };
  const common = {
    schema: "kanit.backpressure/2",
    ...opening,
    environment: surroundings.environment,
    planted,
  };
  const [ended] = events.of("backpressure.ended");
  if (ended !== undefined) {
    const { kind: ___, ...conclusion } = ended;
    return { record: { ...common, ...conclusion }, isWhole: true };
  }
  const held = new Map(
    events
      .of("backpressure.step.ended")
      .map(({ step }) => [(step as StepRecord).rateRps, step as StepRecord]),
  );
  const steps = [...held.values()];
  const record = {
    ...common,
    verdict: "inconclusive",
    why: `Nothing was decided: ${NOT_JUDGED}.`,
    endedAt: events.lastAt,
    steps,
    heldRps: steps.findLast(({ finding }) => finding.kind === "held")?.rateRps ?? null,
    outcome: { kind: "undecided", why: NOT_JUDGED },
  };
  return { record, isWhole: false };
}
