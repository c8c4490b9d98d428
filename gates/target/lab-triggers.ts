import { type Clock, KanitError } from "../../core/index.ts";
import { type RuleGroup, type SampleStore, TriggerWatch } from "../../signals/index.ts";

/** The triggers that a lab's monitor watches, as Prometheus's API tells of them. */
export interface LabTriggers extends AsyncDisposable {
  /** `data` of `/api/v1/alerts` */
  alerts(): unknown;
  /** `data` of `/api/v1/rules` */
  rules(): unknown;
}

export interface LabTriggersOptions {
  readonly groups: readonly RuleGroup[];
  readonly store: SampleStore;
  readonly clock: Clock;
  readonly timeScale: number;
  /** From one evaluation to the next, which is also that of the samples. */
  readonly intervalMs: number;
}

/**
 * Starts watching.
 *
 * @throws UsageError `bad-time-scale` when a rule's ranges would hold fewer than two samples.
 */
export function watchLabTriggers(options: LabTriggersOptions): LabTriggers {
  const { groups, store, clock, timeScale, intervalMs } = options;
  const watch = new TriggerWatch({
    ...{ groups, store, clock, timeScale },
    tickMs: intervalMs,
    scrapeIntervalMs: intervalMs,
  }).start();
  return {
    alerts: () => ({
      alerts: watch.triggers().flatMap(({ alerts }) =>
        alerts.map(({ labels, annotations, state, value, activeAtMs }) => ({
          ...{ labels: labels.toRecord(), annotations, state, value: String(value) },
          activeAt: new Date(activeAtMs).toISOString(),
        })),
      ),
    }),
    rules: () => ({
      groups: [
        {
          interval: intervalMs / 1_000,
          rules: watch.triggers().map((record) => ruleOf(record, clock.nowMs())),
        },
      ],
    }),
    [Symbol.asyncDispose]: () => watch.stop(),
  };
}

function ruleOf(
  { rule, failures, evaluations }: ReturnType<TriggerWatch["triggers"]>[number],
  nowMs: number,
) {
  const error = failures.at(-1)?.error;
  const lastError = error === undefined ? "" : error instanceof KanitError ? error.message : String(error);
  return {
    ...{ type: "alerting", name: rule.name, query: rule.text, duration: rule.forMs / 1_000, lastError },
    labels: Object.fromEntries(Object.entries(rule.labels).map(([name, { text }]) => [name, text])),
    health: evaluations === 0 ? "unknown" : error === undefined ? "ok" : "err",
    // The watch evaluates all rules at each tick.
    lastEvaluation: new Date(nowMs).toISOString(),
  };
}
