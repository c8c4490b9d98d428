import { describe, expect, it } from "vitest";
import { describeMistake } from "../../core/index.ts";
import { groupsOf } from "../drill/fixture.ts";
import { checkScenario } from "./check-scenario.ts";
import type { RunFacts } from "./run-facts.ts";

const FACTS: RunFacts = {
  rules: groupsOf("alert: FeedStale, expr: up == 0, for: 5m", "alert: PgBouncerDown, expr: up == 0"),
  timeScale: 60,
  runtime: "local",
  ownFaults: [],
};
const VALID = {
  name: "slow-database",
  hypothesis: "When Postgres is slow, orders are slow and none is lost.",
  faults: [{ fault: { kind: "latency", link: "postgres", latencyMs: 50 }, forMs: 5_000 }],
  expectation: { fires: ["FeedStale"], mayFire: ["PgBouncerDown"], recoversWithinMs: 1_000 },
};
const expecting = (change: object) => ({ ...VALID, expectation: { ...VALID.expectation, ...change } });
const faulted = (...faults: readonly object[]) => ({ ...VALID, faults });
const down = (afterMs: number, forMs: number) => ({
  fault: { kind: "down", link: "postgres" },
  afterMs,
  forMs,
});
const slow = (afterMs: number, forMs: number) => ({ ...VALID.faults[0], afterMs, forMs });
const quirk = (afterMs: number) => ({
  fault: { kind: "venue-misbehavior", link: "binance-ws", venue: "binance", misbehavior: "gap" },
  ...{ afterMs, forMs: 5_000 },
});

function mistakesIn(data: unknown, facts = FACTS): readonly string[] {
  const checked = checkScenario(data, facts);
  return checked.kind === "valid" ? [] : checked.mistakes.map(describeMistake);
}

describe("a valid scenario", () => {
  it("is completed, and stays the same when it is already complete", () => {
    const checked = checkScenario(VALID, FACTS);
    if (checked.kind !== "valid") throw new TypeError("Expected a valid scenario.");
    expect(checked.scenario).toMatchObject({ load: { rateRps: 40 }, tags: [] });
    expect(checkScenario(checked.scenario, FACTS)).toEqual(checked);
  });

  it("may have faults that overlap for a while", () => {
    expect(mistakesIn(faulted(slow(0, 1_500), down(1_000, 4_000)))).toEqual([]);
    expect(mistakesIn(faulted(quirk(0), quirk(5_000)))).toEqual([]);
  });

  it("may have no fault, when no expectation needs one", () => {
    const { name, hypothesis } = VALID;
    expect(mistakesIn({ name, hypothesis, expectation: { recoversWithinMs: 0 } })).toEqual([]);
  });
});

describe("a combination of valid parts that is invalid", () => {
  it.each<[string, unknown, readonly string[]]>([
    [
      "a trigger that no rule has",
      expecting({ fires: ["NoSuchTrigger"], mayFire: ["PgBouncrDown"] }),
      [
        'expectation.fires[0]: expected a trigger of the rules, got "NoSuchTrigger"; nearest are FeedStale, PgBouncerDown',
        'expectation.mayFire[0]: expected a trigger of the rules, got "PgBouncrDown"; did you mean PgBouncerDown?',
      ],
    ],
    [
      "a trigger that must fire and may",
      expecting({ mayFire: ["FeedStale"] }),
      ['expectation.mayFire[0]: expected no trigger that must fire (`fires`), got "FeedStale"'],
    ],
    [
      "a trigger that waits for longer than the load goes on",
      { ...expecting({ recoversWithinMs: 0 }), ...faulted(slow(0, 1_000)), timing: { steadyAfterMs: 500 } },
      [expect.stringMatching(/^expectation.fires\[0\]: expected a trigger that can fire within \d+ ms/)],
    ],
    [
      "a trigger that must fire after a fault where there is none",
      faulted(),
      [expect.stringContaining('because there is no fault, got "FeedStale"')],
    ],
    [
      "answers and orders judged while faults are there, and no fault",
      { ...expecting({ fires: [], answersWithinMs: 100, acceptsShare: 0.5 }), ...{ faults: [] } },
      [
        "expectation.answersWithinMs: expected nothing, because it is judged during faults, and there is none, got 100",
        "expectation.acceptsShare: expected nothing, because it is judged during faults, and there is none, got 0.5",
      ],
    ],
    [
      "how slow clients must be for triggers, and no trigger that must fire",
      expecting({ fires: [], firesAboveMsP95: 300 }),
      ["expectation.firesAboveMsP95: expected nothing, because no trigger must fire (`fires`), got 300"],
    ],
    [
      "answers later than anybody waits for",
      expecting({ answersWithinMs: 5_000 }),
      [
        "expectation.answersWithinMs: expected less than 5000, after which clients give up, so that no answer can be later, got 5000",
      ],
    ],
    [
      "a fault within the time in which nothing passes",
      faulted(down(0, 5_000), slow(1_000, 2_000)),
      [expect.stringContaining("faults[1]: expected a fault during which traffic passes on postgres")],
    ],
    [
      "two faults of which one would heal the other",
      faulted(down(0, 3_000), down(2_000, 3_000)),
      [
        "faults[1]: expected no overlap with faults[0], which uses the port of postgres too, got postgres down from 2000 to 5000 ms",
      ],
    ],
    [
      "the same misbehavior twice at a time",
      faulted(quirk(0), quirk(4_000)),
      [expect.stringContaining("no overlap with faults[0], which uses gap of binance too")],
    ],
    [
      "phases that are longer than any load",
      faulted(slow(0, 900_000)),
      [
        expect.stringMatching(
          /^faults\[0\].forMs: expected phases of at most 600000 ms together, .*, got phases of up to \d+ ms$/,
        ),
      ],
    ],
    [
      "too few operations to judge anything by",
      { ...VALID, load: { rateRps: 10 } },
      ["load.rateRps: expected at least 14, since a recovery is judged by 20 operations in 1500 ms, got 10"],
    ],
    [
      "a steady state that is measured for too short a time",
      { ...VALID, timing: { steadyBeforeMs: 0, steadyAfterMs: 400 } },
      [
        "timing.steadyBeforeMs: expected at least 500, in which 20 operations start at 40 per second, got 0",
        "timing.steadyAfterMs: expected at least 500, in which 20 operations start at 40 per second, got 400",
      ],
    ],
    [
      "a name that is there twice, and an exemption for what is not asked",
      expecting({ invariants: ["fills-agree", "fills-agree"], mayBeEmpty: ["balances-agree"] }),
      [
        'expectation.invariants[1]: expected a name that is not yet in the list, got "fills-agree"',
        'expectation.mayBeEmpty[0]: expected one of the scenario\'s `invariants`, got "balances-agree"',
      ],
    ],
  ])("is refused: %s", (_what, data, mistakes) => {
    expect(mistakesIn(data)).toEqual(mistakes);
  });

  it("is reported together with the errors of the parts themselves", () => {
    const data = {
      ...expecting({ fires: ["NoSuchTrigger"], recoversWithinMs: "soon" }),
      faults: [
        { fault: { kind: "ws-drop", link: "postgres" }, forMs: 5_000 },
        down(0, 3_000),
        down(2_000, 3_000),
      ],
      load: { rate: 40 },
    };
    expect(mistakesIn(data).map((line) => line.split(": ")[0])).toEqual([
      ...["load.rate", "faults[0].fault.link", "expectation.recoversWithinMs"],
      ...["expectation.fires[0]", "faults[2]"],
    ]);
  });
});

describe("a fault of a process", () => {
  const kill = (process: string) => faulted({ fault: { kind: "kill", process }, forMs: 5_000 });
  const pause = faulted({ fault: { kind: "pause", process: "postgres" }, forMs: 5_000 });
  const step = faulted({ fault: { kind: "clock-step", process: "platform", stepMs: 60_000 }, forMs: 5_000 });

  it("is refused where its runtime could not make or heal it", () => {
    for (const runtime of ["compose", "containers"] as const) {
      expect(mistakesIn(kill("postgres"), { ...FACTS, runtime })).toEqual([
        `faults[0].fault.process: expected platform, which the runtime ${runtime} can start again, got "postgres"`,
      ]);
      expect(mistakesIn(step, { ...FACTS, runtime })).toEqual([
        `faults[0].fault.kind: expected a fault that the runtime ${runtime} can make; only local steps clocks, got "clock-step"`,
      ]);
      for (const possible of [kill("platform"), pause])
        expect(mistakesIn(possible, { ...FACTS, runtime })).toEqual([]);
    }
  });

  it("is accepted in the runtime local", () => {
    for (const possible of [kill("platform"), kill("postgres"), kill("pgbouncer"), pause, step])
      expect(mistakesIn(possible)).toEqual([]);
  });

  it("is refused when its step would not show, or it were to affect a number of messages", () => {
    const wrong = faulted({
      fault: { kind: "clock-step", process: "postgres", stepMs: 1_000 },
      ...{ forMs: 5_000, maxBites: 3 },
    });
    expect(mistakesIn(wrong)).toEqual([
      'faults[0].fault.process: expected "platform", got "postgres"',
      "faults[0].fault.stepMs: expected at least 2000, got 1000",
    ]);
    const counted = faulted({
      fault: { kind: "clock-step", process: "platform", stepMs: 2_000 },
      ...{ forMs: 5_000, maxBites: 3 },
    });
    expect(mistakesIn(counted)).toEqual([
      "faults[0].maxBites: expected nothing, because clock-step counts no messages that a platform could leave unsent, got 3",
    ]);
  });
});
