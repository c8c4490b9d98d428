import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { ALL_RULE_FILES } from "../../signals/index.ts";

const SAMPLES = 24 * 60 * 60;
const RULES = 20;

/** A test in promtool's format over a day of one-second samples, written to a file. */
export interface RuleTestCase {
  readonly name: string;
  readonly series: number;
  readonly rules: number;
  readonly path: string;
}

/** Writes the cases into a directory. */
export async function writeRuleTestCases(directory: string): Promise<readonly RuleTestCase[]> {
  await mkdir(directory, { recursive: true });
  return [await writeQuantiles(directory), await writeTriggers(directory)];
}

type SeriesTable = Readonly<Record<string, string>>;

/** The case that the requirement measured: twenty quantiles of one histogram of eleven buckets. */
async function writeQuantiles(directory: string): Promise<RuleTestCase> {
  const bounds = ["0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "+Inf"];
  const series = Object.fromEntries(
    bounds.map((le, index) => [
      `http_request_duration_seconds_bucket{instance="spark",le="${le}"}`,
      `0+${10 * (index + 1)}x${SAMPLES}`,
    ]),
  );
  const rules = Array.from({ length: RULES }, (_unused, index) => ({
    alert: `Quantile${index}`,
    expr: `histogram_quantile(${(0.5 + index / 50).toFixed(2)}, sum by (le) (rate(http_request_duration_seconds_bucket[1m]))) > 100`,
    for: "5m",
  }));
  const rulePath = join(directory, "quantile-rules.yml");
  await writeFile(rulePath, stringify({ groups: [{ name: "quantiles", interval: "15s", rules }] }));
  const path = join(directory, "quantiles.test.yml");
  await writeTest(path, [rulePath], series, []);
  return { name: "20 quantiles of one histogram", series: bounds.length, rules: RULES, path };
}

/** The twenty triggers and their siblings over the metrics of one platform; one of them fires all day. */
async function writeTriggers(directory: string): Promise<RuleTestCase> {
  const series = platformSeries();
  const path = join(directory, "triggers.test.yml");
  await writeTest(path, ALL_RULE_FILES, series, ["spark"]);
  return { name: "the 20 triggers of one platform", series: Object.keys(series).length, rules: 41, path };
}

async function writeTest(
  path: string,
  ruleFiles: readonly string[],
  series: SeriesTable,
  storms: readonly string[],
): Promise<void> {
  const test = {
    rule_files: ruleFiles,
    evaluation_interval: "15s",
    tests: [
      {
        interval: "1s",
        input_series: Object.entries(series).map(([labels, values]) => ({ series: labels, values })),
        alert_rule_test: [
          {
            eval_time: "24h",
            alertname: "WebSocketDisconnectStorm",
            exp_alerts: storms.map((instance) => ({
              exp_labels: { severity: "rollback", golden_signal: "feed_staleness", instance },
              exp_annotations: {
                summary: "60 quote sockets a minute disconnect, above 30",
                description: "More than 30 quote sockets a minute have closed for 1 minute.",
                why: "One every two seconds is far above people who close a tab, and clients that reconnect multiply it at once.",
                runbook_url: "https://runbooks.spark.example/websocket-disconnect-storm",
              },
            })),
          },
        ],
      },
    ],
  };
  await writeFile(path, stringify(test));
}

function platformSeries(): SeriesTable {
  const series: Record<string, string> = {};
  const add = (name: string, values: string) => {
    const text = name.includes("{") ? name.replace("{", '{instance="spark",') : `${name}{instance="spark"}`;
    series[text] = values;
  };
  const steady = (step: number) => `0+${step}x${SAMPLES}`;
  const level = (value: number) => `${value}+0x${SAMPLES}`;
  const latency = "0.005 0.01 0.025 0.05 0.1 0.15 0.2 0.25 0.3 0.4 0.5 0.75 1 2.5 5 10 +Inf".split(" ");
  for (const route of ["/api/orders", "/api/orders/:id"]) {
    latency.forEach((le, index) => {
      const labels = `{method="POST",route="${route}",status="201",le="${le}"}`;
      add(`http_request_duration_seconds_bucket${labels}`, steady(Math.min(20, 4 * (index + 1))));
    });
    for (const status of ["201", "500"]) {
      add(
        `http_requests_total{method="POST",route="${route}",status="${status}"}`,
        steady(status === "201" ? 20 : 0),
      );
    }
  }
  const lag = "0.001 0.0025 0.005 0.01 0.02 0.03 0.05 0.1 0.25 0.5 1 2.5 +Inf".split(" ");
  for (const [index, le] of lag.entries()) {
    add(`event_loop_lag_seconds_bucket{le="${le}"}`, steady(Math.min(50, 10 * index)));
  }
  for (const kind of ["major", "minor", "incremental", "weakcb"]) {
    add(`nodejs_gc_duration_seconds_sum{kind="${kind}"}`, steady(0.001));
    add(`nodejs_gc_duration_seconds_count{kind="${kind}"}`, steady(1));
  }
  for (const feed of ["binance", "btcturk", "bist"]) add(`feed_staleness_seconds{feed="${feed}"}`, level(1));
  for (const reason of ["max_quantity", "max_notional", "price_too_far", "stale_book"])
    add(`risk_blocks_total{reason="${reason}"}`, level(3));
  for (const directive of ["default-src", "script-src", "img-src", "other"])
    add(`csp_violations_total{directive="${directive}"}`, level(2));
  for (const state of ["active", "idle"]) add(`db_pool_connections{state="${state}"}`, level(4));
  add("idempotency_requests_total", steady(20));
  add("idempotency_conflicts_total", level(1));
  add("idempotency_keys_stored", steady(1));
  add("process_cpu_seconds_total", steady(0.25));
  add("process_resident_memory_bytes", level(150_000_000));
  add("outbox_oldest_age_seconds", level(0));
  add("outbox_pending_events", level(2));
  add("ws_disconnects_total", steady(1));
  add("decimal_precision_errors_total", level(0));
  add('pgbouncer_pools_server_active_connections{database="spark",user="spark"}', level(3));
  add('pgbouncer_pools_client_waiting_connections{database="spark",user="spark"}', level(0));
  add('pgbouncer_databases_pool_size{database="spark"}', level(20));
  for (const relname of ["orders", "outbox"]) {
    add(`pg_stat_user_tables_n_dead_tup{relname="${relname}"}`, level(100));
    add(`pg_stat_user_tables_n_live_tup{relname="${relname}"}`, steady(20));
  }
  for (const state of ["active", "idle"])
    add(`pg_stat_activity_count{datname="spark",state="${state}"}`, level(5));
  return series;
}
