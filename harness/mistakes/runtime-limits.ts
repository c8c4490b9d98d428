import { type Mistake, wrongValue } from "../../core/index.ts";
import { RUNTIME_POWERS } from "../../lab/index.ts";
import type { RunFacts } from "./run-facts.ts";
import type { ScenarioReading } from "./scenario-reading.ts";

/** Those that need the files of the database server, or the pooler's own console. */
const OF_LOCAL_DATABASES: ReadonlySet<string> = new Set([
  "database-restored",
  "failover",
  "disk-full",
  "pool-by-session",
]);

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
    if (OF_LOCAL_DATABASES.has(fault.kind) && runtime !== "local") {
      const expected = `a fault that the runtime ${runtime} can make; only local reaches the database's files`;
      return [wrongValue([...path, "fault", "kind"], expected, fault.kind)];
    }
    if (fault.kind !== "kill" || restarts.includes(fault.process)) return [];
    const expected = `${restarts.join(" or ")}, which the runtime ${runtime} can start again`;
    return [wrongValue([...path, "fault", "process"], expected, fault.process)];
  });
}
