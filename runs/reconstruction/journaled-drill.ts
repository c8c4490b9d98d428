import { mergeVerdicts, type Verdict } from "../../core/index.ts";
import type { QuietDrill, TriggerDrill } from "../../evidence/index.ts";
import { type Draft, type JournaledEvents, NOT_JUDGED } from "./draft.ts";

/** A drill: the quiet run, each condition that was watched, and each rule that fired under one of its own. */
export function journaledDrill(events: JournaledEvents): Draft | null {
  const [started] = events.of("drill.started");
  const [surroundings] = events.of("drill.environment");
  const [quietEnded] = events.of("drill.quiet.ended");
  if (started === undefined || surroundings === undefined || quietEnded === undefined) return null;
  const { kind: _, planned, ...opening } = started;
  const quiet = quietEnded.quiet as QuietDrill;
  const runs = events.of("drill.condition.ended").map(({ run }) => run);
  const common = { schema: "kanit.drill/3", ...opening, environment: surroundings.environment, quiet, runs };
  const [ended] = events.of("drill.ended");
  if (ended !== undefined) {
    const { verdict, endedAt, triggers } = ended;
    return { record: { ...common, verdict, endedAt, triggers }, isWhole: true };
  }
  const fired = new Map(
    events
      .of("drill.trigger.fired")
      .map(({ drill }) => [(drill as TriggerDrill).trigger, drill as TriggerDrill]),
  );
  const triggers = (planned as readonly Pick<TriggerDrill, "trigger" | "severity">[]).map(
    (each) => fired.get(each.trigger) ?? undecided(each),
  );
  const verdicts: readonly Verdict[] = ["inconclusive", quiet.verdict];
  const record = { ...common, verdict: mergeVerdicts(verdicts), endedAt: events.lastAt, triggers };
  return { record, isWhole: false };
}

function undecided({ trigger, severity }: Pick<TriggerDrill, "trigger" | "severity">): TriggerDrill {
  return {
    trigger,
    severity,
    verdict: "inconclusive",
    outcome: "undecided",
    condition: null,
    trueAfterFaultMs: null,
    firedAfterFaultMs: null,
    firedAfterTrueMs: null,
    interruptions: 0,
    firedWith: [],
    tried: [],
    why: NOT_JUDGED,
  };
}
