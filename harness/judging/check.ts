import type { CheckRecord } from "../../evidence/index.ts";

/** The subject of a check, before it is evaluated. */
export type Question = Omit<CheckRecord, "verdict" | "received" | "judgedBy" | "orders">;

/**
 * The finding of a check, how much it looked at, and the orders with a problem; absent: none. Its basis where that is
 * not the question's: of `time` when all that it found is that answers did not come in time.
 */
export type Finding = Pick<CheckRecord, "verdict" | "received" | "judgedBy"> &
  Partial<Pick<CheckRecord, "orders" | "basis">>;

/** What it means that a check had nothing to look at: unknown, or what the scenario says about that. */
export type WhenEmpty = "inconclusive" | "as-expected";

/**
 * Makes a check. Every check of an experiment is made here, which guarantees two things. A check that throws
 * is inconclusive, and affects neither the other checks nor the record. A check that looked at nothing is
 * inconclusive, whatever it found.
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
