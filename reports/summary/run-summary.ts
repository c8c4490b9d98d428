import type { RunRecord } from "../../evidence/index.ts";
import { proofSentence } from "./proof.ts";
import { blame } from "./reasons.ts";
import { countVerdicts, worstFirst } from "./verdict-counts.ts";

/** The run in one sentence that can be read out in a release meeting. */
export function summaryOf(run: RunRecord): string {
  const total = run.scenarios.length;
  const counts = countVerdicts(run.scenarios);
  const [worst] = worstFirst(run.scenarios);
  if (worst === undefined) return ["No scenario has a result.", notRunSentence(run)].join(" ").trim();
  const scenarios = total === 1 ? "scenario" : "scenarios";
  switch (run.verdict) {
    case "pass":
      return proofSentence(run);
    case "fail":
      return counts.fail === 0
        ? `The run failed outside its ${total} ${scenarios}.`
        : `${counts.fail} of ${total} ${scenarios} failed. ${blame(worst)}`;
    case "inconclusive":
      if (counts.inconclusive > 0) {
        return `${counts.inconclusive} of ${total} ${scenarios} could not be judged, which never releases. ${blame(worst)}`;
      }
      return run.notRun.length > 0
        ? `${total} ${scenarios} passed, and ${notRunSentence(run)} That never releases.`
        : "The run as a whole could not be judged. That never releases.";
  }
}

/** `Not applicable: feed-gap (needs BTCTurk).`, or nothing: what was not asked, and counts for nothing. */
export function notApplicableSentence({ notApplicable }: Pick<RunRecord, "notApplicable">): string {
  const byNeed = Map.groupBy(notApplicable, ({ needs }) => needs);
  const parts = [...byNeed].map(
    ([needs, items]) => `${items.map(({ what }) => what).join(", ")} (needs ${needs})`,
  );
  return parts.length === 0 ? "" : `Not applicable: ${parts.join("; ")}.`;
}

/** `2 of 7 not run: a, b (needs the kanit engine).`, or nothing: how far a run has come, and what stopped it. */
export function notRunSentence({ scenarios, notRun }: Pick<RunRecord, "scenarios" | "notRun">): string {
  const byReason = Map.groupBy(notRun, ({ why }) => why);
  const parts = [...byReason].map(([why, items]) => `${items.map(({ name }) => name).join(", ")} (${why})`);
  const total = scenarios.length + notRun.length;
  return parts.length === 0 ? "" : `${notRun.length} of ${total} not run: ${parts.join("; ")}.`;
}
