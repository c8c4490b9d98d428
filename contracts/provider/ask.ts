import { UnavailableError } from "../../core/index.ts";
import { NetworkError, requestHttp } from "../../network/index.ts";

const DEADLINE_MS = 5_000;

/** A request to the venue or its control API. */
export interface Question {
  readonly method: "GET" | "POST" | "PUT";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Sends a request, and returns the status and the text of any answer.
 *
 * @throws UnavailableError `venue-unreachable` when nothing is answered within 5 s.
 */
export async function ask(
  url: string,
  allowedHosts: readonly string[],
  question: Question,
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    return await requestHttp(url, { ...question, allowedHosts, deadlineMs: DEADLINE_MS });
  } catch (cause) {
    if (!(cause instanceof NetworkError)) throw cause;
    const { origin, pathname } = new URL(url);
    throw new UnavailableError({
      code: "venue-unreachable",
      message: `Expected ${question.method} ${origin}${pathname} to be answered, got ${cause.received}.`,
      nextStep: "Check that the venue and its control API listen there.",
      cause,
    });
  }
}

/** Sends a request that sets up a state. Throws UnavailableError `state-not-set-up` when it is refused. */
export async function requireSuccess(
  url: string,
  allowedHosts: readonly string[],
  question: Question,
): Promise<string> {
  const { status, text } = await ask(url, allowedHosts, question);
  if (status >= 200 && status < 300) return text;
  throw new UnavailableError({
    code: "state-not-set-up",
    message: `Expected ${question.method} ${new URL(url).pathname} to set up a state, got ${status}: ${text.slice(0, 200)}`,
    nextStep: "Verify against kanit's stubs, or a venue that can be brought into this state.",
  });
}
