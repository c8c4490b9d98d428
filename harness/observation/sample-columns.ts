import type { SampleColumn } from "../../evidence/index.ts";
import type { VenueName } from "../../venues/index.ts";

/** A column of the samples that is a query over the scraped series. */
export interface QueriedColumn extends Omit<SampleColumn, "values"> {
  /** PromQL over the scraped samples; ranges are of the lab's own time. */
  readonly expression: string;
}

/**
 * The charted columns besides those of clients. A range of one second holds four samples: enough for `rate`
 * to be steady, and few enough for a spike to be visible.
 */
export function queriedColumns(feeds: readonly VenueName[]): readonly QueriedColumn[] {
  return [
    {
      id: "cpu-percent",
      label: "CPU of the platform",
      group: "cpu",
      unit: "%",
      expression: '100 * rate(process_cpu_seconds_total{job="platform"}[1s])',
    },
    {
      id: "event-loop-lag-ms-p95",
      label: "Event-loop lag P95",
      group: "event-loop",
      unit: "ms",
      expression: "1000 * histogram_quantile(0.95, sum by (le) (rate(event_loop_lag_seconds_bucket[1s])))",
    },
    ...feeds.map(
      (feed): QueriedColumn => ({
        id: `staleness-s-${feed}`,
        label: feed,
        group: "staleness",
        unit: "s",
        expression: `max(feed_staleness_seconds{feed="${feed}"})`,
      }),
    ),
    {
      id: "pool-use-percent",
      label: "pgBouncer server connections in use",
      group: "pool",
      unit: "%",
      expression:
        'max(100 * pgbouncer_pools_server_active_connections{database="spark"} / pgbouncer_databases_pool_size{database="spark"})',
    },
  ];
}
