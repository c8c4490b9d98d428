import { counted } from "../../core/index.ts";
import type { CheckRecord, ScenarioRecord } from "../../evidence/index.ts";
import { orderStory } from "./order-story.ts";
import { worstFirst } from "./verdict-counts.ts";

/** About two lines of the report's header. */
const BRIEF_CHARS = 120;

/** Why a scenario did not pass: its checks that did not, worst first. None for a scenario that passed. */
export function reasonsOf({ verdict, checks }: ScenarioRecord): readonly CheckRecord[] {
  return verdict === "pass" ? [] : worstFirst(checks.filter((check) => check.verdict !== "pass"));
}

/** `balances add up: 3 of 40 do not (expected …)`. */
export function describeCheck({ name, expected, received }: CheckRecord): string {
  return `${name}: ${received} (expected ${expected})`;
}

/**
 * How many orders a check covered: `held on 412 orders` for one that passed, `judged by 412 orders` for any
 * other.
 */
export function judgedByPhrase({ verdict, judgedBy: { count, noun } }: CheckRecord): string {
  return `${verdict === "pass" ? "held on" : "judged by"} ${counted(count, noun)}`;
}

/** Why a scenario did not pass, in one sentence; `undefined` for a pass. */
export function worstReason(scenario: ScenarioRecord): string | undefined {
  if (scenario.verdict === "pass") return undefined;
  const [worst] = reasonsOf(scenario);
  if (worst === undefined) return withoutReason(scenario);
  const story = worst.verdict === "fail" ? orderStory(scenario) : null;
  return story === null ? describeCheck(shortened(worst)) : `${story}${failedChecks(scenario)}`;
}

/** Like `worstReason`, with the scenario's name before it; empty for a pass. */
export function blame(scenario: ScenarioRecord): string {
  if (scenario.verdict === "pass") return "";
  const [worst] = reasonsOf(scenario);
  if (worst === undefined) return `${scenario.name}: ${withoutReason(scenario)}`;
  const story = orderStory(scenario);
  if (worst.verdict === "fail" && story !== null)
    return `${scenario.name}: ${story}${failedChecks(scenario)}.`;
  const verb = worst.verdict === "fail" ? "failed" : "could not judge";
  const { name, received, expected } = shortened(worst);
  // A check is named after what should hold, so its name is quoted: “no false alarm” is what failed.
  return `${scenario.name} ${verb} “${name}”: ${received} (expected ${expected}).`;
}

/** Names the failed checks, after the description of the orders' problems. */
function failedChecks({ checks }: ScenarioRecord): string {
  const [first, ...others] = worstFirst(checks.filter(({ verdict }) => verdict === "fail"));
  if (first === undefined) return "";
  return others.length === 0
    ? ` (“${first.name}” failed)`
    : ` (“${first.name}” and ${others.length} more checks failed)`;
}

/** Only the first of many listed instances; the table of checks has the others. */
function shortened(check: CheckRecord): CheckRecord {
  const [first = "", ...others] = check.received.split("; ");
  const isBrief = others.length === 0 || check.received.length <= BRIEF_CHARS;
  return { ...check, received: isBrief ? check.received.replace(/\.$/, "") : `${first}, and more` };
}

function withoutReason({ checks }: ScenarioRecord): string {
  return checks.length === 0 ? "Nothing was checked." : "No check has a reason.";
}
