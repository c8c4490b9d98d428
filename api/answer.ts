import type { Question, QuestionKind } from "./question.ts";
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
  /** Why it could not be asked or its answer not be read, by the definition's or its driver's fault; null otherwise. */
  readonly unreadable: string | null;
  /** How it was asked, for a report. */
  readonly sent: { readonly method: string; readonly path: string };
}

/** Asks a platform's API, whatever it looks like. */
export interface PlatformApi extends AsyncDisposable {
  /** What can be asked of it. */
  readonly questions: ReadonlySet<QuestionKind>;
  /** Asks at once; `done` is called exactly once, later, whatever happens. */
  ask(question: Question, done: (answer: Answer) => void): void;
  /** Ends it; what is not answered yet ends as `unknown`. Resolves when nothing of it runs any more. */
  close(): Promise<void>;
}

/** Asks, and waits for what comes of it. */
export function askOnce(api: Pick<PlatformApi, "ask">, question: Question): Promise<Answer> {
  return new Promise((resolve) => api.ask(question, resolve));
}
