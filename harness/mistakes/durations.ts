import { type Mistake, wrongMeaning, wrongValue } from "../../core/index.ts";
import type { ScheduledFault } from "../experiment/scenario.ts";
import { LOAD_LIMIT_MS, longestFaultedMs, WARM_UP_LIMIT_MS } from "../experiment/times.ts";
import { STEADY_STATE } from "../judging/steady-state.ts";
import type { ScenarioReading } from "./scenario-reading.ts";

const SECOND_MS = 1_000;

/** Times must fit into a run, and be long enough for the measurements. */
export function durationMistakes(reading: ScenarioReading): readonly Mistake[] {
  return [...tooLong(reading), ...tooFew(reading)];
}

function tooLong({ timing, faults, recoversWithinMs }: ScenarioReading): readonly Mistake[] {
  if (timing === null) return [];
  const longestMs =
    WARM_UP_LIMIT_MS +
    timing.steadyBeforeMs +
    longestFaultedMs(
      faults.map(({ value }) => value),
      timing,
      recoversWithinMs?.value ?? 0,
    );
  if (longestMs <= LOAD_LIMIT_MS) return [];
  const expected = `phases of at most ${LOAD_LIMIT_MS} ms together, the warm-up and the watch for recovery included`;
  const last = faults.toSorted((one, other) => endOf(one.value) - endOf(other.value)).at(-1);
  const path = last === undefined ? ["timing", "steadyBeforeMs"] : [...last.path, "forMs"];
  return [wrongMeaning(path, expected, `phases of up to ${longestMs} ms`)];
}

function endOf({ afterMs, forMs }: ScheduledFault): number {
  return afterMs + forMs;
}

function tooFew({ load, timing, isFaultless }: ScenarioReading): readonly Mistake[] {
  if (load === null || timing === null) return [];
  const { minOperations, windowMs } = STEADY_STATE;
  const leastRps = Math.ceil((minOperations * SECOND_MS) / windowMs);
  if (!isFaultless && load.rateRps < leastRps) {
    const expected = `at least ${leastRps}, since a recovery is judged by ${minOperations} operations in ${windowMs} ms`;
    return [wrongValue(["load", "rateRps"], expected, load.rateRps)];
  }
  const leastMs = Math.ceil((minOperations * SECOND_MS) / load.rateRps);
  const keys = isFaultless ? (["steadyBeforeMs"] as const) : (["steadyBeforeMs", "steadyAfterMs"] as const);
  return keys
    .filter((key) => timing[key] < leastMs)
    .map((key) => {
      const expected = `at least ${leastMs}, in which ${minOperations} operations start at ${load.rateRps} per second`;
      return wrongValue(["timing", key], expected, timing[key]);
    });
}
