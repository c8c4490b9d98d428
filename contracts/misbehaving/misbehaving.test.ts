import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DECLARATIONS } from "../declared-violations.ts";
import { PROVIDERS } from "../matching/pact-file.ts";
import { type RunningStubs, startStubs } from "../provider/stubs.ts";
import { judgeMisbehaviors } from "./judge-misbehaviors.ts";

const MARKET_SECONDS_A_SECOND = 10;
/** Each misbehavior is played through a whole day of calls. */
const PATIENCE_MS = 60_000;

let stubs: RunningStubs;

beforeAll(async () => {
  stubs = await startStubs(MARKET_SECONDS_A_SECOND);
});
afterAll(async () => {
  await stubs[Symbol.asyncDispose]();
});

describe("faults stay within the contract, or are declared with a reason", () => {
  it.each(PROVIDERS)(
    "for every misbehavior that the stub of %s has",
    async (provider) => {
      const judgments = await judgeMisbehaviors(stubs.venues[provider]);
      const declared = DECLARATIONS[provider];
      const found = Object.fromEntries(judgments.map(({ misbehavior, breaks }) => [misbehavior, breaks]));
      const allowed = judgments.map(({ misbehavior }) => [misbehavior, declared[misbehavior]?.breaks ?? []]);
      expect(found).toEqual(Object.fromEntries(allowed));
      // A misbehavior that never took effect was not judged, unless it is declared to be outside the pact.
      const untouched = judgments.filter(({ bites, misbehavior }) => bites === 0 && !declared[misbehavior]);
      expect(untouched.map(({ misbehavior }) => misbehavior)).toEqual([]);
      const unknown = Object.keys(declared).filter((name) => !(name in found));
      expect(unknown).toEqual([]);
    },
    PATIENCE_MS,
  );
});
