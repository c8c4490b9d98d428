/** The clients of the platform that faults are made of. What they were answered counts as what other clients were. */
export interface FaultyClients {
  /**
   * Places one order at a venue under one new idempotency key, so many times at the same moment. Returns how many of
   * the requests were answered.
   */
  placeAtOnce(venue: string, times: number): Promise<number>;
  /** Posts a browser's report on a directive; returns whether it was answered. */
  report(path: string, directive: string): Promise<boolean>;
}
