import { describe, expect, it, vi } from "vitest";
import { type Clock, systemClock } from "../core/index.ts";
import { parseRules } from "./alerting/load-rules.ts";
import { Labels } from "./labels.ts";
import { SampleStore } from "./sample-store.ts";
import { TriggerWatch } from "./trigger-watch.ts";

const TICK_MS = 250;
const errors = Labels.of({ __name__: "errors_total", job: "spark" });

const groupsOf = (rules: string) => parseRules(`groups: [{ name: g, rules: [${rules}] }]`, "r");
const ERRORS_HIGH = groupsOf(
  '{ alert: ErrorsHigh, expr: "rate(errors_total[1m]) * 60 > 30", for: 3m, annotations: { summary: "{{ $value }}" } }',
);

/** Adds samples of a counter that grows by the given steps, one tick apart, and evaluates after each. */
function drill(steps: readonly (number | "gap" | "stale")[], groups = ERRORS_HIGH, timeScale = 60) {
  const store = new SampleStore(null);
  const watch = new TriggerWatch({ groups, store, clock: systemClock, timeScale });
  let total = 0;
  steps.forEach((step, index) => {
    const atMs = 1_000_000 + index * TICK_MS;
    if (step === "stale") store.appendStale(errors, atMs);
    else if (step !== "gap") {
      total += step;
      store.append(errors, atMs, total);
    }
    watch.tick(atMs);
  });
  return watch.triggers()[0];
}

const states = (steps: readonly (number | "gap" | "stale")[]) =>
  drill(steps)?.history.map(({ atMs, state }) => [(atMs - 1_000_000) / TICK_MS, state]);
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe("the trigger watch at a time scale of 60", () => {
  it("fires after the compressed waiting time: 3 min become 3 s, twelve ticks", () => {
    expect(states(times(20, 1))).toEqual([
      [0, "inactive"],
      [1, "pending"],
      [13, "firing"],
    ]);
    expect(drill(times(20, 1))).toMatchObject({
      firedAtMs: 1_000_000 + 13 * TICK_MS,
      pendingAtMs: 1_000_000 + TICK_MS,
      alerts: [{ labels: { values: ["ErrorsHigh", "spark"] }, state: "firing" }],
    });
  });

  it("does not fire when the condition ends before, and then starts waiting again", () => {
    const history = states([...times(8, 1), ...times(8, 0), ...times(8, 1)]);
    expect(history?.map(([, state]) => state)).toEqual(["inactive", "pending", "inactive", "pending"]);
  });

  it("is in the state no-data, not inactive, before the first sample and after the series has ended", () => {
    expect(states(["gap", "gap"])).toEqual([[0, "no-data"]]);
    expect(states([0, 0, "stale", ...times(6, "gap" as const)])?.at(-1)?.[1]).toBe("no-data");
  });

  it("remembers that it fired after the condition has ended", () => {
    const record = drill([...times(20, 1), ...times(10, 0)]);
    expect(record).toMatchObject({ state: "inactive", firedAtMs: 1_000_000 + 13 * TICK_MS, alerts: [] });
  });

  it("reports a rule that cannot be evaluated, as no-data", () => {
    const groups = groupsOf(
      '{ alert: Broken, expr: "errors_total * on (job) errors_total or topk(NaN, errors_total)" }',
    );
    expect(drill([1, 1], groups)).toMatchObject({ state: "no-data", evaluations: 2, failures: [{}, {}] });
  });

  it("continues a firing alert for the compressed keep_firing_for", () => {
    const groups = groupsOf('{ alert: A, expr: "rate(errors_total[1m]) > 0", keep_firing_for: 2m }');
    const record = drill([1, 1, ...times(20, 0)], groups);
    // The increase has left the range at tick 4; eight ticks (2 s) later the alert ends.
    expect(record?.history.map(({ atMs, state }) => [(atMs - 1_000_000) / TICK_MS, state])).toEqual([
      [0, "inactive"],
      [1, "firing"],
      [12, "inactive"],
    ]);
  });

  it("lets rules read what the rules before them have recorded, and the alerts themselves", () => {
    const groups = groupsOf(
      '{ alert: A, expr: "job:errors:double > 2" }, { record: "job:errors:double", expr: "sum by (job) (errors_total) * 2" }',
    );
    expect(drill([1, 1, 1], groups)?.history.map(({ state }) => state)).toEqual([
      "no-data",
      "inactive",
      "firing",
    ]);
  });

  it("refuses a scale at which a range would hold fewer than two samples, and names the highest that works", () => {
    const store = new SampleStore(null);
    const options = { groups: ERRORS_HIGH, store, clock: systemClock };
    expect(() => new TriggerWatch({ ...options, timeScale: 120 })).not.toThrow();
    expect(() => new TriggerWatch({ ...options, timeScale: 121 })).toThrow(
      expect.objectContaining({ code: "bad-time-scale", nextStep: "Use a time scale of at most 120." }),
    );
  });

  it("evaluates by itself once started, at each tick, until it is stopped", async () => {
    let wake = (): void => undefined;
    const clock: Clock = {
      ...systemClock,
      sleep: (_durationMs, signal) =>
        new Promise((resolve, reject) => {
          wake = resolve;
          signal?.addEventListener("abort", () => reject(signal.reason));
        }),
    };
    const watch = new TriggerWatch({ groups: ERRORS_HIGH, store: new SampleStore(null), clock }).start();
    const evaluations = () => watch.trigger("ErrorsHigh")?.evaluations;
    expect(evaluations()).toBe(1);
    wake();
    await vi.waitFor(() => expect(evaluations()).toBe(2));
    await watch.stop();
    wake();
    expect(evaluations()).toBe(2);
  });
});
