import { UnavailableError } from "../../core/index.ts";

const DEADLINE_MS = 5_000;

/** A request to the venue or its control API. */
export interface Question {
  readonly method: "GET" | "POST" | "PUT";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Asks and gives the status and the text of whatever is answered.
 *
 * @throws UnavailableError `venue-unreachable` when nothing is answered within 5 s.
 */
export async function ask(url: string, question: Question): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, { ...question, signal: AbortSignal.timeout(DEADLINE_MS) });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    const { origin, pathname } = new URL(url);
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    throw new UnavailableError({
      code: "venue-unreachable",
      message: `Expected ${question.method} ${origin}${pathname} to be answered, got: ${String(reason)}.`,
      nextStep: "See whether the venue and its control API listen there.",
      cause,
    });
  }
}

/** Asks for something that a state needs. Throws UnavailableError `state-not-set-up` when it is refused. */
export async function bringAbout(url: string, question: Question): Promise<string> {
  const { status, text } = await ask(url, question);
  if (status >= 200 && status < 300) return text;
  throw new UnavailableError({
    code: "state-not-set-up",
    message: `Expected ${question.method} ${new URL(url).pathname} to set up a state, got ${status}: ${text.slice(0, 200)}`,
    nextStep: "Verify against kanit's stubs, or a venue that can be brought into this state.",
  });
}
