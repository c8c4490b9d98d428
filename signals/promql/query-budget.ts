/** The errors that end a query before it uses all memory or time, in Prometheus's words. */
export type BudgetOverrun =
  | "query processing would load too many samples into memory in query execution"
  | "query timed out in query execution";

/** The number of steps between two checks of the clock. */
const STEPS_PER_LOOK = 16;

/** The number of samples that a query holds, and its run time; both are limited, as in Prometheus. */
export class QueryBudget {
  readonly #maxSamples: number;
  readonly #timeoutMs: number;
  readonly #nowMs: () => number;
  #heldSamples = 0;
  #steps = 0;
  #deadlineMs = Number.POSITIVE_INFINITY;

  constructor(maxSamples: number, timeoutMs: number, nowMs: () => number) {
    this.#maxSamples = maxSamples;
    this.#timeoutMs = timeoutMs;
    this.#nowMs = nowMs;
  }

  /** Starts a query: no samples are held, and the time counts from now. */
  begin(): void {
    this.#heldSamples = 0;
    this.#deadlineMs = this.#nowMs() + this.#timeoutMs;
  }

  /** Adds to the number of samples that the query holds; a negative number subtracts. */
  hold(samples: number, overrun: (reason: BudgetOverrun) => never): void {
    this.#heldSamples += samples;
    if (this.#heldSamples > this.#maxSamples)
      overrun("query processing would load too many samples into memory in query execution");
  }

  /** Counts one step of the evaluation. */
  step(overrun: (reason: BudgetOverrun) => never): void {
    this.#steps++;
    if (this.#steps % STEPS_PER_LOOK !== 0) return;
    if (this.#nowMs() > this.#deadlineMs) overrun("query timed out in query execution");
  }
}
