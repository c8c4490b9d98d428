import type { Verdict } from "../../core/index.ts";
import type { CheckRecord, RunRecord, ScenarioRecord } from "../../evidence/index.ts";
import { proofSentence } from "./proof.ts";

/** How often each verdict was reached. */
export type VerdictCounts = Readonly<Record<Verdict, number>>;

/** What a reader takes in at a glance, about two lines of the report's head. */
const BRIEF_CHARS = 120;

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

/**
 * Why a scenario is not a pass, in one sentence; `undefined` for a pass. Of a check that names many instances at
 * length only the first is left: the rest stands in the scenario's reasons.
 */
export function worstReason(scenario: ScenarioRecord): string | undefined {
  const worst = worstOf(scenario);
  return typeof worst === "object" ? describeCheck(briefly(worst)) : worst;
}

/** The check that a scenario's verdict rests on, or a sentence where there is none; `undefined` for a pass. */
function worstOf(scenario: ScenarioRecord): CheckRecord | string | undefined {
  if (scenario.verdict === "pass") return undefined;
  const [reason] = scenario.reasons;
  if (reason !== undefined) return checkOfReason(scenario, reason) ?? reason;
  const [check] = worstFirst(scenario.checks);
  if (check === undefined) return "Nothing was checked.";
  return check.verdict === "pass" ? "No reason was recorded." : check;
}

function briefly(check: CheckRecord): CheckRecord {
  const [first = "", ...others] = check.received.split("; ");
  const isBrief = others.length === 0 || check.received.length <= BRIEF_CHARS;
  return { ...check, received: isBrief ? check.received.replace(/\.$/, "") : `${first}, and more` };
}

/** `balances add up: 3 of 40 do not (expected …)`, as the reasons of a scenario are written. */
export function describeCheck({ name, expected, received }: CheckRecord): string {
  return `${name}: ${received} (expected ${expected})`;
}

/** The check that a reason of a scenario was written from; `undefined` for a reason of another kind. */
export function checkOfReason({ checks }: ScenarioRecord, reason: string): CheckRecord | undefined {
  return checks.find((check) => describeCheck(check) === reason);
}

/** The run in one sentence that a release captain can read out. */
export function summaryOf(run: RunRecord): string {
  const total = run.scenarios.length;
  const counts = countVerdicts(run.scenarios);
  const [worst] = worstFirst(run.scenarios);
  if (worst === undefined) return "Nothing was run, so nothing is known.";
  const scenarios = total === 1 ? "scenario" : "scenarios";
  const because = blame(worst);
  switch (run.verdict) {
    case "pass":
      return proofSentence(run);
    case "fail":
      return counts.fail === 0
        ? `The run failed outside its ${total} ${scenarios}.`
        : `${counts.fail} of ${total} ${scenarios} failed.${because}`;
    case "inconclusive":
      if (counts.inconclusive === 0 && run.notRun.length > 0) {
        return `${total} ${scenarios} passed, and ${notRunSentence(run)} That never releases.`;
      }
      return counts.inconclusive === 0
        ? "The run as a whole could not be judged. That never releases."
        : `${counts.inconclusive} of ${total} ${scenarios} could not be judged, which never releases.${because}`;
  }
}

/** `2 were not run: a and b need the kanit engine.`, or nothing. */
export function notRunSentence({ notRun }: Pick<RunRecord, "notRun">): string {
  const reasons = Map.groupBy(notRun, ({ why }) => why);
  const parts = [...reasons].map(([why, items]) => `${items.map(({ name }) => name).join(", ")} (${why})`);
  return parts.length === 0 ? "" : `${notRun.length} not run: ${parts.join("; ")}.`;
}

/** A check is named after what should hold, so its name is quoted: “no false alarm” is what failed. */
function blame(scenario: ScenarioRecord): string {
  const worst = worstOf(scenario);
  if (worst === undefined) return "";
  if (typeof worst === "string") return ` ${scenario.name}: ${endSentence(worst)}`;
  const verb = worst.verdict === "fail" ? "failed" : "could not judge";
  const { name, received, expected } = briefly(worst);
  return ` ${scenario.name} ${verb} “${name}”: ${received} (expected ${expected}).`;
}

function endSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
