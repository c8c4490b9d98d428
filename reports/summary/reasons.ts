import { counted } from "../../core/index.ts";
import type { CheckRecord, ScenarioRecord } from "../../evidence/index.ts";
import { orderStory } from "./order-story.ts";
import { worstFirst } from "./verdict-counts.ts";

/** About two lines of the report's header. */
const BRIEF_CHARS = 120;

/** Why a scenario is not a pass: its checks that are not one, worst first. None for a scenario that passed. */
export function reasonsOf({ verdict, checks }: ScenarioRecord): readonly CheckRecord[] {
  return verdict === "pass" ? [] : worstFirst(checks.filter((check) => check.verdict !== "pass"));
}

/** `balances add up: 3 of 40 do not (expected …)`. */
export function describeCheck({ name, expected, received }: CheckRecord): string {
  return `${name}: ${received} (expected ${expected})`;
}

/** How much a check looked at: `held on 412 orders` of one that passed, `judged by 412 orders` of any other. */
export function judgedByPhrase({ verdict, judgedBy: { count, noun } }: CheckRecord): string {
  return `${verdict === "pass" ? "held on" : "judged by"} ${counted(count, noun)}`;
}

/** Why a scenario is not a pass, in one sentence; `undefined` for a pass. */
export function worstReason(scenario: ScenarioRecord): string | undefined {
  if (scenario.verdict === "pass") return undefined;
  const [worst] = reasonsOf(scenario);
  if (worst === undefined) return withoutReason(scenario);
  const story = worst.verdict === "fail" ? orderStory(scenario) : null;
  return story === null ? describeCheck(shortened(worst)) : `${story}${failedChecks(scenario)}`;
}

/** As `worstReason`, with the scenario's name before it; empty for a pass. */
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

/** Names the checks that failed, after the story of what happened. */
function failedChecks({ checks }: ScenarioRecord): string {
  const [first, ...others] = worstFirst(checks.filter(({ verdict }) => verdict === "fail"));
  if (first === undefined) return "";
  return others.length === 0
    ? ` (“${first.name}” failed)`
    : ` (“${first.name}” and ${others.length} more checks failed)`;
}

/** Of a check that lists many instances at length, only the first: the others stand in the table of checks. */
function shortened(check: CheckRecord): CheckRecord {
  const [first = "", ...others] = check.received.split("; ");
  const isBrief = others.length === 0 || check.received.length <= BRIEF_CHARS;
  return { ...check, received: isBrief ? check.received.replace(/\.$/, "") : `${first}, and more` };
}

function withoutReason({ checks }: ScenarioRecord): string {
  return checks.length === 0 ? "Nothing was checked." : "No check says why.";
}
