import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DecisionSubject, decide } from "./decision.ts";

const subject = fc.record<DecisionSubject>({
  proxy: fc.string(),
  toxic: fc.string(),
  connection: fc.nat(),
  stream: fc.constantFrom("upstream", "downstream"),
  chunk: fc.nat(),
});

describe("a decision of the proxy", () => {
  it("is the same for the same seed and subject, in [0, 1)", () => {
    fc.assert(
      fc.property(fc.nat(), subject, (seed, about) => {
        const value = decide(seed, about);
        expect(value).toBe(decide(seed, { ...about }));
        expect(value >= 0 && value < 1).toBe(true);
      }),
    );
  });

  it("includes a share of connections close to the toxicity, for any seed", () => {
    for (const seed of [1, 2, 3]) {
      for (const share of [0.1, 0.5, 0.9]) {
        let taken = 0;
        for (let connection = 1; connection <= 2_000; connection++) {
          const about = { proxy: "postgres", toxic: "latency_downstream", stream: "downstream" } as const;
          if (decide(seed, { ...about, connection, chunk: 0 }) < share) taken += 1;
        }
        expect(Math.abs(taken / 2_000 - share)).toBeLessThan(0.04);
      }
    }
  });
});
