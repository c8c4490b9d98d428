import { describe, expect, it } from "vitest";
import { sampleCheck, soundObservation } from "../testing/sample-check.ts";
import { type JudgingFacts, judgeObservation } from "./judge-observation.ts";
import type { Observation } from "./observation.ts";

const NOW_MS = Date.parse("2025-06-01T12:00:00Z");
const FACTS: JudgingFacts = {
  nowMs: NOW_MS,
  release: "v1.4.0",
  commit: { sha: "b14c", committedAtMs: NOW_MS - 3_600_000 },
  wasSeenRed: true,
};

function judge(changes: Partial<Observation>, facts: Partial<JudgingFacts> = {}) {
  const found = soundObservation({ asOfMs: NOW_MS - 1_000, ...changes });
  return judgeObservation(sampleCheck(), found, { ...FACTS, ...facts });
}

describe("what a check found passes", () => {
  it("when all that had to be examined was, lately, and nothing breaks the criterion", () => {
    expect(judge({})).toEqual({ verdict: "pass", reasons: [] });
  });
});

describe("a gate cannot pass silently: a check is inconclusive", () => {
  it.each<[string, Partial<Observation>, Partial<JudgingFacts>, RegExp]>([
    ["without data", { expected: [], examined: [] }, {}, /^no data: nothing was examined/],
    ["whose evidence is empty", { texts: [" \n"] }, {}, /^no data for sample_v1\.4\.0\.txt$/],
    ["whose evidence is missing", { texts: [] }, {}, /^no data for sample_v1\.4\.0\.txt$/],
    [
      "whose data are older than they may be",
      { asOfMs: NOW_MS - 60_001 },
      {},
      /^stale data: .* old, at most 1 min counts/,
    ],
    [
      "whose data are older than the commit under release",
      {},
      { commit: { sha: "b14c", committedAtMs: NOW_MS - 500 } },
      /^stale data: older than the commit/,
    ],
    ["whose data have no time", { asOfMs: Number.NaN }, {}, /^stale data: the time of the data is unknown/],
    ["whose data come from the future", { asOfMs: NOW_MS + 60_000 }, {}, /in the future: a clock is wrong/],
    ["that lacks a part", { expected: ["orders", "fills"] }, {}, /^1 of 2 missing: fills/],
    [
      "that asked for something that did not happen",
      { acts: [{ what: "requests sent", asked: 100, happened: 99 }] },
      {},
      /^requests sent: 99 of 100 happened/,
    ],
    [
      "that asked for nothing",
      { acts: [{ what: "requests sent", asked: 0, happened: 0 }] },
      {},
      /^requests sent: 0 of 0 happened/,
    ],
    ["that no drill has seen red", {}, { wasSeenRed: false }, /^never seen red/],
    ["that says itself what it could not find out", { unclear: ["no statistics"] }, {}, /^no statistics/],
  ])("%s", (_, changes, facts, reason) => {
    const { verdict, reasons } = judge(changes, facts);
    expect(verdict).toBe("inconclusive");
    expect(reasons).toEqual([expect.stringMatching(reason)]);
  });
});

describe("what breaks the criterion", () => {
  it("fails, whatever else is in doubt, and the doubts are said too", () => {
    const { verdict, reasons } = judge({ violations: ["a fill is missing"], expected: ["orders", "fills"] });
    expect(verdict).toBe("fail");
    expect(reasons).toEqual(["a fill is missing", "1 of 2 missing: fills"]);
  });
});
