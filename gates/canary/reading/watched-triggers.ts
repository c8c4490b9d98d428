import type { Clock } from "../../../core/index.ts";
import type { CanaryTriggerRecord } from "../../../evidence/index.ts";
import { AgeScalingSink, type RuleGroup, SampleStore, TriggerWatch } from "../../../signals/index.ts";

/** What takes samples in: a store, or something before one. */
type SampleSink = Pick<AgeScalingSink, "append" | "appendStale">;

/** The rollback triggers, watched on the candidate. */
export interface WatchedTriggers extends AsyncDisposable {
  /** The state of each trigger since the watch began. Rejects never: what cannot be asked has no data. */
  states(signal: AbortSignal): Promise<readonly CanaryTriggerRecord[]>;
  /**
   * Forgets what was before. A trigger that compares with the past, as those of leaks do, must not compare the load of
   * one share with that of another.
   */
  forget(): Promise<void>;
}

/** Triggers that are evaluated here, over the samples that come to the sink. */
export interface OwnTriggers extends WatchedTriggers {
  readonly sink: SampleSink;
}

const ROLLBACK = "rollback";

/** Evaluates the rules here, over all samples of the candidate and of what both arms share. */
export function watchTriggers(options: {
  readonly groups: readonly RuleGroup[];
  readonly clock: Clock;
  readonly timeScale: number;
  readonly intervalMs: number;
}): OwnTriggers {
  const { groups, clock, timeScale, intervalMs } = options;
  const start = () => {
    const store = new SampleStore(clock);
    const times = { timeScale, tickMs: intervalMs, scrapeIntervalMs: intervalMs };
    // Triggers are compressed, so that an age of a second stands for many.
    return {
      sink: new AgeScalingSink(store, timeScale),
      watch: new TriggerWatch({ groups, store, clock, ...times }).start(),
    };
  };
  let now = start();
  return {
    sink: {
      append: (labels, atMs, value) => now.sink.append(labels, atMs, value),
      appendStale: (labels, atMs) => now.sink.appendStale(labels, atMs),
    },
    states: () =>
      Promise.resolve(
        now.watch
          .triggers()
          .filter(({ rule }) => rule.labels.severity?.text === ROLLBACK)
          .map(({ name, state, firedAtMs }) => ({
            name,
            state: firedAtMs === undefined ? state : "firing",
            firedAt: firedAtMs === undefined ? null : new Date(firedAtMs).toISOString(),
          })),
      ),
    forget: async () => {
      const before = now;
      now = start();
      await before.watch.stop();
    },
    [Symbol.asyncDispose]: () => now.watch.stop(),
  };
}
