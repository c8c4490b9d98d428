import type { Question } from "./question.ts";
import type { AnsweredOutcome } from "./words/error-word.ts";

/** What came of a question. */
export interface Answer {
  readonly outcome: AnsweredOutcome;
  /** Null where there was none: no answer came, or it came from a driver. */
  readonly httpStatus: number | null;
  /** The field's word, the platform's own where it has no other, or why no answer came; null when it succeeded. */
  readonly error: string | null;
  /** Whether a client may ask the same again, and how long it was told to wait. */
  readonly again: { readonly kind: "no" } | { readonly kind: "allowed"; readonly afterMs: number };
  /** What the answer says, mapped: an object with some of the names in `answer-fields.ts`. */
  readonly said: Readonly<Record<string, unknown>>;
  /** Why an answer that came could not be mapped; null when it could. */
  readonly unreadable: string | null;
  /** How it was asked, for a report. */
  readonly sent: { readonly method: string; readonly path: string };
}

/** Asks a platform's API, whatever it looks like. */
export interface PlatformApi {
  /** Asks at once; `done` is called exactly once, later, whatever happens. */
  ask(question: Question, done: (answer: Answer) => void): void;
  /** Ends it; what is not answered yet ends as `unknown`. */
  close(): void;
}

/** Asks, and waits for what comes of it. */
export function askOnce(api: Pick<PlatformApi, "ask">, question: Question): Promise<Answer> {
  return new Promise((resolve) => api.ask(question, resolve));
}
