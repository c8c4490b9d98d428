import { type Mistake, unknownName, wrongMeaning, wrongValue } from "../../core/index.ts";
import { alertsOf } from "../../signals/index.ts";
import { longestFaultedMs } from "../experiment/times.ts";
import type { RunFacts } from "./run-facts.ts";
import type { ScenarioReading } from "./scenario-reading.ts";

/** Expected triggers must be known, named once, and able to fire. */
export function triggerMistakes(
  reading: ScenarioReading,
  { rules, timeScale }: RunFacts,
): readonly Mistake[] {
  const alerts = alertsOf(rules);
  const known = alerts.map(({ name }) => name);
  const { fires, mayFire, isFaultless } = reading;
  const unknown = [...fires, ...mayFire]
    .filter(({ value }) => !known.includes(value))
    .map(({ path, value }) => unknownName(path, "a trigger of the rules", value, known));
  const twice = mayFire
    .filter(({ value }) => fires.some((each) => each.value === value))
    .map(({ path, value }) => wrongValue(path, "no trigger that must fire (`fires`)", value));
  const causeless = isFaultless
    ? fires.map(({ path, value }) =>
        wrongValue(path, "no trigger that must fire after a fault, because there is no fault", value),
      )
    : [];
  const { faults, isComplete, timing, recoversWithinMs } = reading;
  const faultedMs =
    timing === null || recoversWithinMs === null || isFaultless || !isComplete
      ? Number.POSITIVE_INFINITY
      : longestFaultedMs(
          faults.map(({ value }) => value),
          timing,
          recoversWithinMs.value,
        );
  const tooSlow = fires.flatMap(({ path, value }) => {
    const neededMs = (alerts.find(({ name }) => name === value)?.forMs ?? 0) / timeScale;
    if (neededMs <= faultedMs) return [];
    const expected = `a trigger that can fire within ${faultedMs} ms, the time after the first fault`;
    return [wrongMeaning(path, expected, `${value}, which needs ${neededMs} ms at time scale ${timeScale}`)];
  });
  return [...unknown, ...twice, ...causeless, ...tooSlow];
}
