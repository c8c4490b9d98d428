import type { RuntimeName } from "./start-lab.ts";

/** What faults may do to the processes of a lab, by where it runs; everything else is possible in all. */
interface RuntimePowers {
  /** The processes that can be killed, since they are started again. */
  readonly restarts: readonly string[];
  readonly stepsClock: boolean;
}

const CONTAINERS: RuntimePowers = { restarts: ["platform"], stepsClock: false };

export const RUNTIME_POWERS: Readonly<Record<RuntimeName, RuntimePowers>> = {
  local: { restarts: ["platform", "postgres", "pgbouncer"], stepsClock: true },
  compose: CONTAINERS,
  containers: CONTAINERS,
};
