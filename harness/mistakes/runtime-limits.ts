import { type Mistake, wrongValue } from "../../core/index.ts";
import { RUNTIME_POWERS } from "../../lab/index.ts";
import type { RunFacts } from "./run-facts.ts";
import type { ScenarioReading } from "./scenario-reading.ts";

/** Faults of processes must be possible where the lab runs. */
export function runtimeMistakes(
  { faults }: ScenarioReading,
  { runtime }: Pick<RunFacts, "runtime">,
): readonly Mistake[] {
  const { restarts, stepsClock } = RUNTIME_POWERS[runtime];
  return faults.flatMap(({ path, value: { fault } }) => {
    if (fault.kind === "clock-step" && !stepsClock) {
      const expected = `a fault that the runtime ${runtime} can make; only local steps clocks`;
      return [wrongValue([...path, "fault", "kind"], expected, fault.kind)];
    }
    if (fault.kind !== "kill" || restarts.includes(fault.process)) return [];
    const expected = `${restarts.join(" or ")}, which the runtime ${runtime} can start again`;
    return [wrongValue([...path, "fault", "process"], expected, fault.process)];
  });
}
