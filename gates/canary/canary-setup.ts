import type { Clock } from "../../core/index.ts";
import type { CanaryRecord } from "../../evidence/index.ts";
import type { GateFiling } from "../engine/filing.ts";
import type { CanaryPlan } from "./plan/canary-plan.ts";
import type { ArmReader } from "./reading/arm-reader.ts";
import type { WatchedTriggers } from "./reading/watched-triggers.ts";
import type { RollBack } from "./rollback-request.ts";
import type { TrafficSplit } from "./traffic/traffic-split.ts";

/** All that a canary acts on and is measured by. */
export interface CanarySetup {
  readonly release: string;
  /** Where it runs, as it may be shown. */
  readonly target: string;
  readonly command: string;
  readonly plan: CanaryPlan;
  /** How many seconds of production one second here stands for. */
  readonly timeScale: number;
  readonly arms: { readonly stable: ArmReader; readonly candidate: ArmReader };
  readonly triggers: WatchedTriggers;
  readonly traffic: TrafficSplit;
  /** Null: a person rolls back, and the judge says what to type. */
  readonly rollBack: RollBack | null;
  readonly filing: GateFiling;
  /** Called when a stage has passed, before the share changes; the next stage waits for it. */
  readonly onStagePassed: (stage: string) => Promise<void>;
  readonly renderPage: (record: CanaryRecord) => string;
  readonly clock: Clock;
  /** Interrupts the canary: what was measured is filed. */
  readonly signal: AbortSignal;
  /** Called at each change with all that is known so far. */
  readonly onRecord: (record: CanaryRecord) => void;
  /** Called with each line for the person who watches. */
  readonly onLine: (line: string) => void;
  /** Called at each look with what it waits for. */
  readonly onStatus: (line: string) => void;
}
