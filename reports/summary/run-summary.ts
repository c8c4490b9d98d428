import type { RunRecord } from "../../evidence/index.ts";
import { proofSentence } from "./proof.ts";
import { blame } from "./reasons.ts";
import { countVerdicts, worstFirst } from "./verdict-counts.ts";

/** The run in one sentence that can be read out in a release meeting. */
export function summaryOf(run: RunRecord): string {
  const total = run.scenarios.length;
  const counts = countVerdicts(run.scenarios);
  const [worst] = worstFirst(run.scenarios);
  if (worst === undefined) return "Nothing was run, so there is no result.";
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

/** `2 not run: a, b (needs the kanit engine).`, or nothing. */
export function notRunSentence({ notRun }: Pick<RunRecord, "notRun">): string {
  const byReason = Map.groupBy(notRun, ({ why }) => why);
  const parts = [...byReason].map(([why, items]) => `${items.map(({ name }) => name).join(", ")} (${why})`);
  return parts.length === 0 ? "" : `${notRun.length} not run: ${parts.join("; ")}.`;
}
