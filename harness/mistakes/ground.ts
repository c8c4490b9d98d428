import type { RuleGroup } from "../../signals/index.ts";

/** What is known of the run that scenarios are meant for, before any lab is started. */
export interface Ground {
  /** The rules that are watched. */
  readonly rules: readonly RuleGroup[];
  /** One second of the lab stands for this many seconds of production, in trigger windows. */
  readonly timeScale: number;
}
