import { mergeVerdicts, type Verdict } from "../../core/index.ts";
import type { BackpressureOutcome } from "../../evidence/index.ts";
import { LIMIT_TITLES } from "./limit.ts";

/**
 * The outcome of a search, as a verdict and a sentence. A limit is not a failure by itself: it fails
 * when it is below the required rate, and is inconclusive when nothing explains it. A rate that was not
 * tried counts as not reached.
 */
export function judgeBackpressure(
  outcome: BackpressureOutcome,
  heldRps: number | null,
  mustHoldRps: number | null,
): { readonly verdict: Verdict; readonly why: string } {
  const held = heldRps === null ? "No rate held" : `${heldRps} op/s held`;
  const enough: Verdict = mustHoldRps === null || (heldRps ?? 0) >= mustHoldRps ? "pass" : "fail";
  const wanted = enough === "fail" ? ` ${mustHoldRps} op/s must be held.` : "";
  switch (outcome.kind) {
    case "unlimited":
      return {
        verdict: enough === "fail" ? "inconclusive" : "pass",
        why: `Every rate held, up to ${outcome.rateRps} op/s.${wanted}`,
      };
    case "undecided":
      return {
        verdict: mustHoldRps !== null && enough === "pass" ? "pass" : "inconclusive",
        why: `${held}. ${outcome.why}`,
      };
    case "limited": {
      const { limit, rateRps } = outcome;
      if (limit.kind === "unexplained") {
        const why = `${held}, ${rateRps} op/s did not, and no measurement explains it: ${limit.why}${wanted}`;
        return { verdict: mergeVerdicts([enough, "inconclusive"]), why };
      }
      const what = `${LIMIT_TITLES[limit.limit]} (${limit.nature})`;
      return {
        verdict: enough,
        why: `${held}, ${rateRps} op/s did not. The limit: ${what}. ${limit.why}${wanted}`,
      };
    }
  }
}
