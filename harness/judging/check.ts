import type { CheckRecord } from "../../evidence/index.ts";

/** What a check asks, before anybody has looked. */
export type Question = Omit<CheckRecord, "verdict" | "received">;

/** What a check found. */
export type Finding = Pick<CheckRecord, "verdict" | "received">;

/**
 * Makes a check. Every check of an experiment is made here, so that one which throws is inconclusive: it found nothing
 * either way, and must cost neither the other checks nor the record.
 */
export function check(question: Question, find: () => Finding): CheckRecord {
  try {
    return { ...question, ...find() };
  } catch (error) {
    const received = `the check threw: ${error instanceof Error ? error.message : String(error)}`;
    return { ...question, verdict: "inconclusive", received };
  }
}
