import type { IncomingHttpHeaders } from "node:http";

/** How long to pause after a refusal that names no time, in ms. */
const DEFAULT_PAUSE_MS = 1_000;

/**
 * Suspends calls to a venue after it answered 429 or 418, until the time in its `Retry-After`: calling on
 * would turn a rate limit into a ban.
 */
export class BackOff {
  readonly #monotonicMs: () => number;
  #untilMs = 0;

  constructor(monotonicMs: () => number = () => performance.now()) {
    this.#monotonicMs = monotonicMs;
  }

  /** How long no call may be made, in ms; 0 when calls are allowed. */
  get remainingMs(): number {
    return Math.max(0, Math.ceil(this.#untilMs - this.#monotonicMs()));
  }

  /** Reads an answer's status and headers, and returns whether the venue asked for a pause. */
  observe(status: number, headers: IncomingHttpHeaders): boolean {
    if (status !== 429 && status !== 418) return false;
    const seconds = Number(headers["retry-after"] ?? Number.NaN);
    const pauseMs = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : DEFAULT_PAUSE_MS;
    this.#untilMs = Math.max(this.#untilMs, this.#monotonicMs() + pauseMs);
    return true;
  }
}
