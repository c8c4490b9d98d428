import type { ScenarioLoad, ScenarioTiming } from "../harness/index.ts";

/** The order flow that scenarios share: enough for percentiles, little enough to leave the machine idle. */
export const ORDINARY_LOAD: ScenarioLoad = { rateRps: 40, venues: { binance: 70, btcturk: 30 } };

/** Three seconds on each side: 120 operations, and room for every window that the triggers look through. */
export const ORDINARY_TIMING: ScenarioTiming = { steadyBeforeMs: 3_000, steadyAfterMs: 2_500 };
