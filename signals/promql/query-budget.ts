/** What ends a query before it takes all memory or time, in Prometheus's words. */
export type BudgetOverrun =
  | "query processing would load too many samples into memory in query execution"
  | "query timed out in query execution";

/** So many steps pass between two looks at the clock. */
const STEPS_PER_LOOK = 16;

/** How many samples a query holds, and how long it runs: both have an end, as in Prometheus. */
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

  /** Begins a query: nothing is held, and the time counts from now. */
  begin(): void {
    this.#heldSamples = 0;
    this.#deadlineMs = this.#nowMs() + this.#timeoutMs;
  }

  /** Counts samples that the query holds from now on, or with a negative number no longer does. */
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
