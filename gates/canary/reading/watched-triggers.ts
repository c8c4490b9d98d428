import type { Clock } from "../../../core/index.ts";
import type { CanaryTriggerRecord } from "../../../evidence/index.ts";
import { type RuleGroup, type SampleStore, TriggerWatch } from "../../../signals/index.ts";

/** The rollback triggers, watched on the candidate. */
export interface WatchedTriggers extends AsyncDisposable {
  /** The state of each trigger since the watch began. Rejects never: what cannot be asked has no data. */
  states(signal: AbortSignal): Promise<readonly CanaryTriggerRecord[]>;
}

const ROLLBACK = "rollback";

/** Evaluates the rules here, over all samples of the candidate and of what both arms share. */
export function watchTriggers(options: {
  readonly groups: readonly RuleGroup[];
  readonly store: SampleStore;
  readonly clock: Clock;
  readonly timeScale: number;
  readonly intervalMs: number;
}): WatchedTriggers {
  const { intervalMs: tickMs, ...rest } = options;
  const watch = new TriggerWatch({ ...rest, tickMs, scrapeIntervalMs: tickMs }).start();
  return {
    states: () =>
      Promise.resolve(
        watch
          .triggers()
          .filter(({ rule }) => rule.labels.severity?.text === ROLLBACK)
          .map(({ name, state, firedAtMs }) => ({
            name,
            state: firedAtMs === undefined ? state : "firing",
            firedAt: firedAtMs === undefined ? null : new Date(firedAtMs).toISOString(),
          })),
      ),
    [Symbol.asyncDispose]: () => watch.stop(),
  };
}
