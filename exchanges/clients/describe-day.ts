import { describe, it } from "vitest";
import { type CallCell, type CallsOf, CLIENT_DAYS, type ClientName, DAY_CALLS } from "./client-calls.ts";

/** One test for each call that the table lists for the client, and for no other. */
export type DayTests<Name extends ClientName> = Readonly<Record<CallsOf<Name>, () => Promise<void>>>;

/** Runs a client's day: one test for each call in its column of the table, named after its method. */
export function describeDay<Name extends ClientName>(client: Name, tests: DayTests<Name>): void {
  const { package: name, venue, calls } = CLIENT_DAYS[client];
  const byCall = new Map<string, () => Promise<void>>(Object.entries(tests));
  describe(`${name} can do, on an ordinary day at ${venue}`, () => {
    for (const call of DAY_CALLS) {
      const cell: CallCell = calls[call];
      const test = byCall.get(call);
      if (typeof cell === "string" && test !== undefined) it(`${call}: ${cell}`, test);
    }
  });
}
