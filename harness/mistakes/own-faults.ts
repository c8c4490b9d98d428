import { type Mistake, wrongValue } from "../../core/index.ts";
import type { RunFacts } from "./run-facts.ts";
import type { ScenarioReading } from "./scenario-reading.ts";

/** Faults of the user's own must be defined. */
export function ownFaultMistakes(
  { faults }: ScenarioReading,
  { ownFaults }: Pick<RunFacts, "ownFaults">,
): readonly Mistake[] {
  const known = ownFaults.length === 0 ? "which has none" : ownFaults.join(", ");
  return faults.flatMap(({ path, value: { fault } }) => {
    if (fault.kind !== "own" || ownFaults.includes(fault.name)) return [];
    return [wrongValue([...path, "fault", "name"], `a fault of kanit.config (${known})`, fault.name)];
  });
}
