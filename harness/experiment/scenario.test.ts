import { describe, expect, it } from "vitest";
import { UsageError } from "../../core/index.ts";
import { ALL_INVARIANTS } from "../invariants/registry.ts";
import { ORDINARY_CONDITIONS } from "./ordinary-conditions.ts";
import { completeScenario, type ScenarioInput } from "./scenario.ts";

const SHORTEST: ScenarioInput = {
  name: "slow-database",
  hypothesis: "When Postgres is slow, orders are slow and none is lost.",
  faults: [{ fault: { kind: "latency", link: "postgres", latencyMs: 50 }, forMs: 2_000 }],
  expectation: { recoversWithinMs: 1_000 },
};

/** Data from a file, which the compiler has not checked. */
function defineUnchecked(data: unknown) {
  return completeScenario(data as ScenarioInput);
}

function refusalOf(data: unknown): UsageError {
  try {
    defineUnchecked(data);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new TypeError("Expected the scenario to be refused.");
}

const withFault = (fault: unknown) => ({ ...SHORTEST, faults: [{ fault, forMs: 1_000 }] });

describe("a scenario", () => {
  it("is completed with the defaults of its parts and of its faults", () => {
    expect(completeScenario(SHORTEST)).toEqual({
      name: "slow-database",
      hypothesis: "When Postgres is slow, orders are slow and none is lost.",
      tags: [],
      load: { rateRps: 40, venues: { binance: 70, btcturk: 30 } },
      timing: { steadyBeforeMs: 3_000, steadyAfterMs: 2_500 },
      canary: null,
      faults: [
        {
          fault: {
            kind: "latency",
            link: "postgres",
            stream: "downstream",
            toxicity: 1,
            latencyMs: 50,
            jitterMs: 0,
          },
          afterMs: 0,
          forMs: 2_000,
          maxBites: null,
        },
      ],
      expectation: {
        fires: [],
        firesAboveMsP95: null,
        mayFire: [],
        recoversWithinMs: 1_000,
        answersWithinMs: null,
        acceptsShare: null,
        happens: [],
        holds: ORDINARY_CONDITIONS,
        invariants: ALL_INVARIANTS,
        mayBeEmpty: [],
      },
    });
  });

  it("stays as it is when it is complete", () => {
    const complete = completeScenario(SHORTEST);
    expect(defineUnchecked(complete)).toEqual(complete);
  });

  it.each([
    [{ ...SHORTEST, load: { rateRps: "40" } }, 'load.rateRps: expected a number, got "40"'],
    [
      { ...SHORTEST, load: { rate: 40 } },
      'load.rate: expected one of the keys rateRps, venues, got "rate"; did you mean rateRps?',
    ],
    [{ ...SHORTEST, loads: {} }, 'got "loads"; did you mean load?'],
    [{ ...SHORTEST, name: "Slow database" }, "name: expected words in lower case joined by -"],
    [{ ...SHORTEST, expectation: {} }, "expectation.recoversWithinMs: expected a number, got nothing"],
    [
      { ...SHORTEST, expectation: { recoversWithinMs: -1 } },
      "expectation.recoversWithinMs: expected at least 0, got -1",
    ],
    [
      { ...SHORTEST, expectation: { recoversWithinMs: 1, happens: [{ name: "x", expression: "sum(" }] } },
      "expectation.happens[0].expression: expected PromQL",
    ],
    [
      {
        ...SHORTEST,
        expectation: { recoversWithinMs: 1, holds: [{ name: "x", expression: "1", limit: { most: 1 } }] },
      },
      "expectation.holds[0].limit: expected { atMost: number } or { atLeast: number }",
    ],
    [
      withFault({ kind: "latency", link: "postgres" }),
      "faults[0].fault.latencyMs: expected a number, got nothing",
    ],
    [
      withFault({ kind: "latency", link: "postgres", latencyMs: 1, jitter: 2 }),
      "faults[0].fault.jitter: expected one of the keys kind, link, latencyMs",
    ],
    [
      withFault({ kind: "latency", link: "postgresql", latencyMs: 1 }),
      "faults[0].fault.link: expected one of api",
    ],
    [
      withFault({ kind: "lateness", link: "postgres" }),
      'faults[0].fault.kind: expected a known name, got "lateness"; nearest are latency',
    ],
    [withFault("slow"), 'faults[0].fault: expected an object, got "slow"'],
  ])("is refused with the place, what was expected and what was found", (data, expected) => {
    const { code, message, exitCode } = refusalOf(data);
    expect({ code, exitCode }).toEqual({ code: "bad-scenario", exitCode: 64 });
    expect(message).toContain(expected);
    expect(message).not.toContain("\n");
  });

  it.each([[null], [undefined], ["text"], [[]], [7]])("is refused when it is %j", (data) => {
    expect(refusalOf(data).message).toContain("expected an object");
  });
});
