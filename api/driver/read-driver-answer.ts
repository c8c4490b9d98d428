import { describeMistake, parseData, unknownName } from "../../core/index.ts";
import type { Answer } from "../answer.ts";
import type { Question } from "../question.ts";
import { type AnsweredOutcome, isErrorWord } from "../words/error-word.ts";
import { inOwnWords, type Vocabulary } from "../words/vocabulary.ts";
import { ANSWER_SCHEMA, answerFieldsOf, type OUTCOME_WORDS } from "./driver-messages.ts";

const OUTCOMES: Readonly<Record<(typeof OUTCOME_WORDS)[number], AnsweredOutcome>> = {
  ok: "succeeded",
  refused: "rejected",
  failed: "failed",
  unknown: "unknown",
};

/** What is the same in every answer of a driver to a question. */
function ofDriver({ kind }: Question): Pick<Answer, "httpStatus" | "sent"> {
  return { httpStatus: null, sent: { method: "driver", path: kind } };
}

/** Nothing was learned; `why` says by whose fault, when it was the driver's. */
export function unheard(
  question: Question,
  outcome: "failed" | "unknown",
  error: string,
  why: string | null,
): Answer {
  const again = why === null ? ({ kind: "allowed", afterMs: 0 } as const) : ({ kind: "no" } as const);
  return { ...ofDriver(question), outcome, error, again, said: {}, unreadable: why };
}

/** Reads a driver's answer to a question. What is malformed is unknown, whatever its outcome is. */
export function readDriverAnswer(question: Question, message: unknown, vocabulary: Vocabulary): Answer {
  const parsed = parseData(ANSWER_SCHEMA, message);
  const malformed = (why: string) =>
    unheard(
      question,
      "unknown",
      "answer-malformed",
      `the driver's answer to ${question.kind} is malformed: ${why}`,
    );
  if (parsed.kind === "mistakes") return malformed(parsed.mistakes.map(describeMistake).join("; "));
  const { outcome: word, answer, retryAfterMs } = parsed.value;
  const known = answerFieldsOf(question.kind);
  const unknown = Object.keys(answer).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const expected = `one of ${known.join(", ")}`;
    const mistakes = unknown.map((name) => unknownName(["answer"], expected, name, known));
    return malformed(mistakes.map(describeMistake).join("; "));
  }
  const present = Object.entries(answer).filter(([, value]) => value !== null);
  const said = inOwnWords(Object.fromEntries(present), vocabulary);
  const outcome = OUTCOMES[word];
  const error = typeof said.error === "string" ? said.error : null;
  const mayRepeat = outcome === "failed" || outcome === "unknown" || error === "idempotency_in_progress";
  const isConflict = error !== null && isErrorWord(error) && error === "idempotency_conflict";
  return {
    ...ofDriver(question),
    outcome,
    error: outcome === "succeeded" ? null : (error ?? word),
    again: mayRepeat && !isConflict ? { kind: "allowed", afterMs: retryAfterMs } : { kind: "no" },
    said,
    unreadable: null,
  };
}
