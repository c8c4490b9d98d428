import type { LabAddresses } from "../../lab/index.ts";
import type { Turns } from "./turns.ts";

/** Two versions of a platform on one database, whose trading may be stopped: a lab. */
export interface KillSwitchPart {
  /** The replicas of the canary, past the balancer. */
  readonly canary: readonly URL[];
  readonly stable: readonly URL[];
  readonly lab: LabAddresses;
  /** Restarts the canary; resolves when it listens again. */
  readonly restartCanary: () => Promise<void>;
  /** Checks use the same switch, so each waits for its turn. */
  readonly turns: Turns;
}
