import type { Verdict } from "../core/index.ts";
import type { CheckRecord, RunRecord, ScenarioRecord } from "../evidence/index.ts";

/** How often each verdict was reached. */
export type VerdictCounts = Readonly<Record<Verdict, number>>;

const ORDER: Readonly<Record<Verdict, number>> = { fail: 0, inconclusive: 1, pass: 2 };

/** Orders worst first and leaves equals as they were: a reader with little room sees what matters. */
export function worstFirst<T extends { readonly verdict: Verdict }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => ORDER[a.verdict] - ORDER[b.verdict]);
}

/** Counts the verdicts of scenarios, checks or triggers. */
export function countVerdicts(items: readonly { readonly verdict: Verdict }[]): VerdictCounts {
  const counts = { pass: 0, fail: 0, inconclusive: 0 };
  for (const { verdict } of items) counts[verdict] += 1;
  return counts;
}

/** `4 pass, 1 fail, 1 inconclusive`, without the verdicts that did not occur; `no scenarios` for none. */
export function describeCounts(counts: VerdictCounts, noneText = "no scenarios"): string {
  const parts = (["fail", "inconclusive", "pass"] as const)
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => `${counts[verdict]} ${verdict}`);
  return parts.length === 0 ? noneText : parts.join(", ");
}

/** Why a scenario is not a pass, in one sentence; `undefined` for a pass. */
export function worstReason(scenario: ScenarioRecord): string | undefined {
  if (scenario.verdict === "pass") return undefined;
  const [reason] = scenario.reasons;
  if (reason !== undefined) return reason;
  const [check] = worstFirst(scenario.checks);
  if (check === undefined) return "Nothing was checked.";
  return check.verdict === "pass" ? "No reason was recorded." : describeCheck(check);
}

/** `balances add up: expected …, got …`. */
export function describeCheck({ name, expected, received }: CheckRecord): string {
  return `${name}: expected ${expected}, got ${received}`;
}

/** The run in one sentence that a release captain can read out. */
export function summaryOf(run: RunRecord): string {
  const total = run.scenarios.length;
  const counts = countVerdicts(run.scenarios);
  const [worst] = worstFirst(run.scenarios);
  if (worst === undefined) return "Nothing was run, so nothing is known.";
  const scenarios = total === 1 ? "scenario" : "scenarios";
  const reason = worstReason(worst);
  const because = reason === undefined ? "" : ` ${worst.name}: ${endSentence(reason)}`;
  switch (run.verdict) {
    case "pass":
      return total === 1 ? `The hypothesis of ${worst.name} held.` : `All ${total} hypotheses held.`;
    case "fail":
      return counts.fail === 0
        ? `The run failed outside its ${total} ${scenarios}.`
        : `${counts.fail} of ${total} ${scenarios} failed.${because}`;
    case "inconclusive":
      return counts.inconclusive === 0
        ? "The run as a whole could not be judged. That never releases."
        : `${counts.inconclusive} of ${total} ${scenarios} could not be judged, which never releases.${because}`;
  }
}

function endSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
