import { z } from "zod";
import { ANSWER_FIELDS } from "../answer-fields.ts";
import { QUESTION_KINDS, type QuestionKind } from "../question.ts";

/** The version of what kanit and a driver tell each other. */
const DRIVER_PROTOCOL = 1;

/** The first line that a driver writes. */
export const HELLO_SCHEMA = z.strictObject({
  protocol: z.literal(DRIVER_PROTOCOL).describe("the version of this protocol"),
  can: z
    .array(z.enum(QUESTION_KINDS))
    .refine(
      (can) => can.includes("place") && can.includes("query"),
      "Expected place and query among what it can do",
    )
    .refine(
      (can) => can.includes("stop-trading") === can.includes("resume-trading"),
      "Expected both of stop-trading and resume-trading, or neither",
    )
    .describe("what it can be asked: `place` and `query` at least"),
});

/** A line that kanit writes. */
export const QUESTION_SCHEMA = z.strictObject({
  id: z.int().describe("the number of the question, from 1; many may wait for their answers at once"),
  ask: z.enum(QUESTION_KINDS).describe("what is asked, of what the driver can do"),
  input: z.record(z.string(), z.string()).describe("what it is asked with, texts: the next table has them"),
  deadlineMs: z.number().describe("after so many milliseconds the answer is no longer waited for"),
});

/** What a driver may say came of a question; a mapping may say it too. */
export const OUTCOME_WORDS = ["ok", "refused", "failed", "unknown"] as const;

/** A line that a driver writes after the first. */
export const ANSWER_SCHEMA = z.strictObject({
  id: z.int().describe("of the question; answers may come in any order"),
  outcome: z
    .enum(OUTCOME_WORDS)
    .describe(
      "`ok`: it was done · `refused`: it was not done, as the platform's contract says · `failed`: it was not done, " +
        "and the contract allows no such answer · `unknown`: it may have been done",
    ),
  answer: z
    .record(z.string(), z.unknown())
    .default({})
    .describe(
      "what the platform said, as far as it did: the next table has the names. Amounts are decimal texts",
    ),
  retryAfterMs: z
    .number()
    .min(0)
    .default(0)
    .describe(
      "how long the platform said to wait before the same is asked again, after `failed` or `unknown`",
    ),
});

/** What can be learned from the answer to a kind of question. */
export function answerFieldsOf(kind: QuestionKind): readonly string[] {
  switch (kind) {
    case "place":
    case "query":
    case "cancel":
      return ANSWER_FIELDS.order;
    case "positions":
    case "quote":
      return ANSWER_FIELDS[kind];
    case "stop-trading":
    case "resume-trading":
      return ANSWER_FIELDS.switch;
  }
}
