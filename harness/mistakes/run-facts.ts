import type { RuntimeName } from "../../lab/index.ts";
import type { RuleGroup } from "../../signals/index.ts";

/** What is known of the scenarios' run before any lab is started. */
export interface RunFacts {
  /** The rules that are watched. */
  readonly rules: readonly RuleGroup[];
  /** One second of the lab represents this many seconds of production, in trigger windows. */
  readonly timeScale: number;
  /** Where the lab runs. */
  readonly runtime: RuntimeName;
  /** The names of the user's own faults. */
  readonly ownFaults: readonly string[];
}
