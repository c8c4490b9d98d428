import type { DecisionSubject } from "./decision.ts";

/** One decision of the proxy, as `GET /kanit/decisions` returns it. */
export interface DecisionRecord extends DecisionSubject {
  /** The random number (`drew 0.731204`), or the action (`reply to COMMIT lost`). */
  readonly outcome: string;
}

/** Beyond this many the oldest are dropped; the answer states how many. */
export const MAX_RECORDS = 50_000;

/**
 * Records what the proxy decided, so that two runs can be compared: the same seed and the same traffic give
 * equal logs. Records are sorted, since the order in which connections are served is not a decision.
 */
export class DecisionLog {
  #records: DecisionRecord[] = [];
  #forgotten = 0;

  add(subject: DecisionSubject, outcome: string): void {
    this.#records.push({ ...subject, outcome });
    // Twice the limit, so that the array is copied only from time to time and not at each decision.
    if (this.#records.length < 2 * MAX_RECORDS) return;
    this.#forgotten += this.#records.length - MAX_RECORDS;
    this.#records = this.#records.slice(-MAX_RECORDS);
  }

  clear(): void {
    this.#records = [];
    this.#forgotten = 0;
  }

  /**
   * The decisions by proxy, toxic, connection, direction and number, and how many older ones were dropped.
   */
  toBody(): { readonly forgotten: number; readonly decisions: readonly DecisionRecord[] } {
    const kept = this.#records.slice(-MAX_RECORDS);
    const forgotten = this.#forgotten + this.#records.length - kept.length;
    return { forgotten, decisions: kept.toSorted(bySubject) };
  }
}

function bySubject(one: DecisionRecord, other: DecisionRecord): number {
  return (
    compareTexts(one.proxy, other.proxy) ||
    compareTexts(one.toxic, other.toxic) ||
    one.connection - other.connection ||
    compareTexts(one.stream, other.stream) ||
    one.chunk - other.chunk
  );
}

function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
