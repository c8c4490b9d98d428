import type { CheckRecord } from "../../evidence/index.ts";

/** What a check asks, before anybody has looked. */
export type Question = Omit<CheckRecord, "verdict" | "received" | "judgedBy" | "orders">;

/** What a check found, how much it looked at, and the orders with which something is wrong; left out: none. */
export type Finding = Pick<CheckRecord, "verdict" | "received" | "judgedBy"> &
  Partial<Pick<CheckRecord, "orders">>;

/** What it means that a check had nothing to look at: that nothing is known, or what the scenario says there is. */
export type WhenEmpty = "inconclusive" | "as-expected";

/**
 * Makes a check. Every check of an experiment is made here, so that two things hold of all of them. One that throws is
 * inconclusive: it found nothing either way, and must cost neither the other checks nor the record. And one that looked
 * at nothing is inconclusive, whatever it found.
 */
export function check(
  question: Question,
  find: () => Finding,
  whenEmpty: WhenEmpty = "inconclusive",
): CheckRecord {
  try {
    const finding = find();
    return {
      ...question,
      orders: [],
      ...(finding.judgedBy.count > 0 ? finding : emptyFinding(finding, whenEmpty)),
    };
  } catch (error) {
    const received = `the check threw: ${error instanceof Error ? error.message : String(error)}`;
    return {
      ...question,
      verdict: "inconclusive",
      received,
      judgedBy: { count: 0, noun: "finding" },
      orders: [],
    };
  }
}

function emptyFinding(finding: Finding, whenEmpty: WhenEmpty): Finding {
  const { verdict, received, judgedBy } = finding;
  if (whenEmpty === "as-expected") {
    return { verdict: "pass", received: `no ${judgedBy.noun}s, as the scenario expects`, judgedBy };
  }
  if (verdict === "inconclusive") return finding;
  return { verdict: "inconclusive", received: `${received}, judged by no ${judgedBy.noun}s`, judgedBy };
}
