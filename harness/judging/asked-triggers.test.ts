import { describe, expect, it } from "vitest";
import { LatencyHistogram } from "../../load/index.ts";
import type { Expectation } from "../experiment/scenario.ts";
import { placement } from "../invariants/final-state-fixture.ts";
import type { ObservedTrigger } from "../observation/measured.ts";
import { askedTriggers } from "./asked-triggers.ts";
import { judgeScenario } from "./judge-scenario.ts";
import { EXPECTATION, expecting, SCHEDULED, soundLoad } from "./outcome-fixture.ts";

const FAULTED_UNTIL_MS = 6_000;
const FAULT = {
  label: "slow",
  kind: "latency",
  link: "postgres",
  injectedAtMs: 2_000,
  healedAtMs: FAULTED_UNTIL_MS,
  bite: { kind: "counted", connections: 3, bytes: 0, messages: null },
} as const;

const slowing: Expectation = { ...EXPECTATION, fires: ["Slow"], mayFire: ["Other"], firesAboveMsP95: 300 };

/** Fifty orders a second for eight seconds; `latencyMsAt` says how long the answer to one planned then takes. */
function loadOf(latencyMsAt: (atMs: number) => number, lagMs = 0) {
  const operations = Array.from({ length: 400 }, (_, index) => {
    const atMs = index * 20;
    return placement({
      id: index,
      plannedAtMs: atMs,
      startedAtMs: atMs,
      endedAtMs: atMs + latencyMsAt(atMs),
    });
  });
  const load = soundLoad(operations);
  const lags = new LatencyHistogram();
  lags.record(lagMs);
  return { ...load, generator: { ...load.generator, lagMs: lags.summary() } };
}

const asked = (load: ReturnType<typeof loadOf>, expectation = slowing) =>
  askedTriggers(expectation, [FAULT], load);

describe("triggers that must fire where clients are slowed enough", () => {
  it("are asked for when clients were, throughout the faults", () => {
    expect(asked(loadOf(() => 350))).toEqual({ expectation: slowing, notApplicable: [] });
  });

  it("are not applicable when the same fault slowed this platform less, and may still fire", () => {
    expect(asked(loadOf(() => 150))).toMatchObject({
      expectation: { fires: [], mayFire: ["Other", "Slow"] },
      notApplicable: [
        {
          what: "Slow",
          needs: expect.stringMatching(
            /^a P95 of clients above 300 ms throughout the faults, which was 1[45]\d ms at times$/,
          ),
        },
      ],
    });
  });

  it("are not asked for when clients were slowed only for a part of the faults", () => {
    expect(asked(loadOf((atMs) => (atMs < 4_500 ? 350 : 10))).notApplicable).toHaveLength(1);
  });

  it("are not asked for by the time that the load generator itself was late", () => {
    expect(asked(loadOf(() => 350, 90)).notApplicable).toHaveLength(1);
  });

  it("are asked for in any case when the scenario says nothing, or nothing was measured", () => {
    const always = { ...slowing, firesAboveMsP95: null };
    expect(
      asked(
        loadOf(() => 10),
        always,
      ).expectation,
    ).toEqual(always);
    expect(asked(soundLoad([])).expectation).toEqual(slowing);
  });
});

describe("an experiment whose trigger stayed quiet", () => {
  const checkOf = (latencyMs: number) => {
    const trigger: ObservedTrigger = {
      ...{ name: "Slow", severity: "rollback", expression: "up == 0", summary: "", evaluations: 40 },
      ...{ history: [{ atMs: 0, state: "inactive", value: null }], firedAtMs: null, failures: 0 },
    };
    const sound = expecting({ fires: ["Slow"], firesAboveMsP95: 300 });
    const { checks, notApplicable } = judgeScenario({
      ...sound,
      faults: [{ scheduled: SCHEDULED, record: FAULT }],
      load: loadOf((atMs) => (atMs >= 2_000 && atMs < FAULTED_UNTIL_MS ? latencyMs : 10)),
      measured: { ...sound.measured, triggers: [trigger] },
    });
    return { verdict: checks.find(({ name }) => name === "Slow")?.verdict, notApplicable };
  };

  it("fails when clients were slowed, whatever the platform's own metrics say", () => {
    expect(checkOf(400)).toEqual({ verdict: "fail", notApplicable: [] });
  });

  it("lists it as not applicable when they were not", () => {
    expect(checkOf(150)).toMatchObject({ verdict: undefined, notApplicable: [{ what: "Slow" }] });
  });
});
