import { describe, expect, it } from "vitest";
import { type LoadTick, summarize } from "../../load/index.ts";
import { expecting, soundOutcome } from "../judging/outcome-fixture.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { PhaseLog } from "./phase-log.ts";
import { playPhases } from "./play-phases.ts";
import type { RunEvent } from "./run-event.ts";
import type { Scenario } from "./scenario.ts";

interface Course {
  readonly scenario: Scenario;
  /** Whether the load fails at a time, and the state of a trigger then. */
  readonly failsAt: (atMs: number) => boolean;
  readonly triggerAt: (atMs: number) => string;
  readonly play: (signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Plays the phases on a clock that does not wait, with a tick of the load every 250 ms. */
async function playing(course: Partial<Course>) {
  const clock = new ManualClock();
  const startMs = clock.nowMs();
  const now = () => clock.nowMs() - startMs;
  const events: RunEvent[] = [];
  const done: string[] = [];
  const listeners = new Set<(tick: LoadTick) => void>();
  const load = {
    onTick: (listener: (tick: LoadTick) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const timeline = {
    play: course.play ?? ((signal) => clock.sleep(1_000, signal)),
    healAll: async () => void done.push(`healed at ${now()}`),
  };
  const ticking = new AbortController();
  const ticks = (async () => {
    for (;;) {
      await clock.sleep(250, ticking.signal);
      for (const listener of listeners) listener(tickOf(now(), course.failsAt?.(now()) ?? false));
    }
  })();
  const phases = new PhaseLog(now, () => undefined);
  const measurement = {
    triggerStates: () => [{ name: "T", state: course.triggerAt?.(now()) ?? "inactive" }],
  };
  const signal = course.signal ?? new AbortController().signal;
  const context = { clock, signal, listener: (event: RunEvent) => void events.push(event) };
  const { scenario } = course.scenario === undefined ? soundOutcome() : { scenario: course.scenario };
  const end = playPhases(scenario, context, load, measurement, phases, timeline);
  const failure = await clock.runUntil(end).then(
    () => null,
    (error: unknown) => error,
  );
  ticking.abort();
  await ticks.catch(() => undefined);
  return { phases: phases.records(), events, done, failure, listeners: listeners.size };
}

function tickOf(atMs: number, fails: boolean): LoadTick {
  const { outcomes } = summarize([]);
  return {
    ...outcomes,
    ...(fails ? { failed: 10 } : { succeeded: 10 }),
    ...{ atMs, startedAtEpochMs: 0, planned: 10, completed: 10, inFlight: 0, lagMsP99: 0 },
    latencyMs: { p50: 5, p95: 10, p99: 10, max: 10 },
  };
}

describe("the phases of a scenario", () => {
  it("follow one another: warm-up, steady state, faults, recovery, steady state", async () => {
    const { phases, done, failure, listeners } = await playing({});
    expect(failure).toBeNull();
    expect(phases.map(({ name }) => name)).toEqual([
      "warm-up",
      "steady-before",
      "fault",
      "recovery",
      "steady-after",
    ]);
    const [, before, fault] = phases;
    expect((before?.endMs ?? 0) - (before?.startMs ?? 0)).toBe(3_000);
    expect(done).toEqual([`healed at ${fault?.endMs}`]);
    expect(listeners).toBe(0);
  });

  it("end after the first steady state when there is no fault", async () => {
    const { scenario } = soundOutcome();
    const { phases, done } = await playing({ scenario: { ...scenario, faults: [] } });
    expect(phases.map(({ name }) => name)).toEqual(["warm-up", "steady-before"]);
    expect(done).toEqual([]);
  });

  it("continue after a warm-up of ten seconds without a steady state", async () => {
    const { phases } = await playing({ failsAt: () => true });
    expect(phases[0]).toMatchObject({ name: "warm-up", startMs: 0, endMs: 10_000 });
    expect(phases).toHaveLength(5);
  });

  it("watch the recovery for twice the allowed time", async () => {
    const { scenario } = expecting({ recoversWithinMs: 3_000 });
    const { phases } = await playing({ scenario, failsAt: (atMs) => atMs > 5_000 });
    const recovery = phases.find(({ name }) => name === "recovery");
    expect((recovery?.endMs ?? 0) - (recovery?.startMs ?? 0)).toBe(6_000);
  });

  it("heal the faults when playing them fails, and let the failure through", async () => {
    const { phases, done, failure, listeners } = await playing({
      play: async () => {
        throw new Error("the proxy is gone");
      },
    });
    expect(failure).toMatchObject({ message: "the proxy is gone" });
    expect(done).toHaveLength(1);
    expect(phases.at(-1)?.name).toBe("fault");
    expect(listeners).toBe(0);
  });

  it("report each change of a trigger once, except from no data to inactive", async () => {
    const triggerAt = (atMs: number) => (atMs < 2_000 ? "no-data" : atMs < 3_000 ? "inactive" : "firing");
    const { events } = await playing({ triggerAt });
    const changes = events.filter((event) => event.kind === "trigger.changed");
    expect(changes).toEqual([
      { kind: "trigger.changed", scenario: "cut", trigger: "T", state: "firing", atMs: 3_000 },
    ]);
  });
});
