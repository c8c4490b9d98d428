import type { Answer } from "../answer.ts";
import type { MappedApiDefinition, RouteDefinition } from "../api-definition.ts";
import type { Expression } from "../mapping/expression.ts";
import { parseAnswer } from "../mapping/parse-answer.ts";
import { compileShape } from "../mapping/shape.ts";
import { type AnsweredOutcome, isErrorWord, OUTCOME_OF_ERROR } from "../words/error-word.ts";
import { inOwnWords } from "../words/vocabulary.ts";
import type { HttpRequest, HttpResult } from "./exchange.ts";

/** Reads what came of a request to a route. */
export type AnswerMapping = (request: HttpRequest, result: HttpResult) => Promise<Answer>;

/** What a mapping may say an answer means; the words are those that a driver uses too. */
const OUTCOME_WORDS: Readonly<Record<string, AnsweredOutcome>> = {
  ok: "succeeded",
  refused: "rejected",
  failed: "failed",
  unknown: "unknown",
};

/** Compiles how the answers of a route are read. */
export function answerMapping(route: RouteDefinition, definition: MappedApiDefinition): AnswerMapping {
  const shape = compileShape(route.answer);
  return async ({ method, path }, result) => {
    const sent = { method, path };
    if (result.kind !== "answered") {
      const outcome = result.kind === "unsent" ? "failed" : "unknown";
      const unheard = { httpStatus: null, again: AT_ONCE, said: {}, unreadable: null };
      return { outcome, error: result.error, ...unheard, sent };
    }
    const { status, body } = result;
    const { said, unreadable } = await saidBy(shape, body, status, definition);
    if (unreadable !== null) {
      // Whatever it said: its client has not learned it, through no fault of the platform's.
      const unlearned = { outcome: "unknown", error: "answer-not-mapped", again: NEVER } as const;
      return { ...unlearned, httpStatus: status, said, unreadable, sent };
    }
    const word = typeof said.error === "string" ? said.error : null;
    const outcome = outcomeOf(said.outcome, word, status, definition);
    const error = outcome === "succeeded" ? null : (word ?? `http-${status}`);
    const mayRepeat = status >= 500 || word === "idempotency_in_progress" || outcome === "unknown";
    const again = mayRepeat ? { kind: "allowed" as const, afterMs: pauseMs(result.retryAfter) } : NEVER;
    return { outcome, httpStatus: status, error, again, said, unreadable, sent };
  };
}

const AT_ONCE = { kind: "allowed", afterMs: 0 } as const;
const NEVER = { kind: "no" } as const;

async function saidBy(
  shape: Expression,
  body: string,
  status: number,
  definition: MappedApiDefinition,
): Promise<Pick<Answer, "said" | "unreadable">> {
  const parsed = parseAnswer(body, definition.amounts === "numbers");
  try {
    const value = await shape.evaluate(parsed, { status, text: body });
    return { said: inOwnWords(value, definition), unreadable: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { said: {}, unreadable: `the mapping of its answer failed: ${why}` };
  }
}

function outcomeOf(
  said: unknown,
  word: string | null,
  status: number,
  { refusals }: MappedApiDefinition,
): AnsweredOutcome {
  const mapped = typeof said === "string" ? OUTCOME_WORDS[said] : undefined;
  if (mapped !== undefined) return mapped;
  if (word !== null && isErrorWord(word)) return OUTCOME_OF_ERROR[word];
  if (status >= 200 && status < 300) return "succeeded";
  return refusals.includes(status) ? "rejected" : "failed";
}

function pauseMs(retryAfter: string | null): number {
  const seconds = Number(retryAfter ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 0;
}
