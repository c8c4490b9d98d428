import type { Clock } from "../../core/index.ts";
import type { RunningLoad } from "../../load/index.ts";
import { SteadyWatch } from "../judging/steady-state.ts";
import type { Measurement } from "../observation/measurement.ts";
import type { FaultTimeline } from "./fault-timeline.ts";
import type { PhaseLog } from "./phase-log.ts";
import type { RunListener } from "./run-event.ts";
import type { Scenario } from "./scenario.ts";
import { RECOVERY_WATCH_FACTOR, WARM_UP_LIMIT_MS } from "./times.ts";

const TICK_MS = 250;

interface PhaseContext {
  readonly clock: Clock;
  readonly listener: RunListener;
  readonly signal: AbortSignal;
}

/**
 * Plays a scenario's phases from the warm-up on. Whatever happens in them, its faults are healed when it
 * returns.
 */
export async function playPhases(
  scenario: Scenario,
  context: PhaseContext,
  load: Pick<RunningLoad, "onTick">,
  measurement: Pick<Measurement, "triggerStates">,
  phases: PhaseLog,
  timeline: Pick<FaultTimeline, "play" | "healAll">,
): Promise<void> {
  const { clock, signal } = context;
  const watch = new SteadyWatch();
  const reportTriggers = triggerReporter(scenario.name, measurement, context.listener);
  const stopWatching = load.onTick((tick) => {
    watch.add(tick);
    reportTriggers(tick.atMs);
    const rateRps = (tick.completed * 1_000) / TICK_MS;
    const errors = tick.failed + tick.unknown;
    const { p95 } = tick.latencyMs;
    context.listener({
      kind: "load.tick",
      scenario: scenario.name,
      atMs: tick.atMs,
      rateRps,
      errors,
      latencyMsP95: p95,
    });
  });
  const untilSteady = async (limitMs: number) => {
    watch.restart();
    await watch.untilSteady(limitMs, clock, signal);
  };
  try {
    await phases.run("warm-up", () => untilSteady(WARM_UP_LIMIT_MS));
    await phases.run("steady-before", () => clock.sleep(scenario.timing.steadyBeforeMs, signal));
    if (scenario.faults.length === 0) return;
    try {
      await phases.run("fault", () => timeline.play(signal));
    } finally {
      await timeline.healAll();
    }
    const { recoversWithinMs } = scenario.expectation;
    await phases.run("recovery", () => untilSteady(recoversWithinMs * RECOVERY_WATCH_FACTOR));
    await phases.run("steady-after", () => clock.sleep(scenario.timing.steadyAfterMs, signal));
  } finally {
    stopWatching();
  }
}

/** Reports each change of a trigger's state once. */
function triggerReporter(
  scenario: string,
  measurement: Pick<Measurement, "triggerStates">,
  listener: RunListener,
): (atMs: number) => void {
  const known = new Map<string, string>();
  return (atMs) => {
    for (const { name, state } of measurement.triggerStates()) {
      const before = known.get(name) ?? "no-data";
      known.set(name, state);
      const isReported =
        state !== before && (state === "firing" || before === "firing" || state === "pending");
      if (isReported) listener({ kind: "trigger.changed", scenario, trigger: name, state, atMs });
    }
  };
}
