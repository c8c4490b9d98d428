import { GOLDEN_SIGNALS, type GoldenSignal } from "../golden-signals.ts";
import { budgetLeftExpression } from "../objectives/burn-rate.ts";
import { OBJECTIVES } from "../objectives/objective.ts";

/** One panel of the dashboard, without its position. */
export interface Panel {
  readonly title: string;
  readonly description: string;
  /** The unit, as Grafana names it. */
  readonly unit: "s" | "percentunit" | "short" | "bytes" | "cpm";
  /** The queries: PromQL and the legend's template. */
  readonly queries: readonly { readonly expression: string; readonly legend: string }[];
  /** A line above which the panel is red; null without one. */
  readonly limit: number | null;
}

const UNITS: Readonly<Record<GoldenSignal["quantity"], Panel["unit"]>> = {
  seconds: "s",
  ratio: "percentunit",
  "per-minute": "cpm",
};

/** The eight golden signals, the objectives' budgets, the firing triggers, and the parts of latency. */
export const PANELS: readonly Panel[] = [
  ...GOLDEN_SIGNALS.map(goldenPanel),
  {
    title: "Error budgets left",
    description: "The share of each objective's error budget that is left over its window.",
    unit: "percentunit",
    queries: OBJECTIVES.map((objective) => ({
      expression: budgetLeftExpression(objective),
      legend: objective.title,
    })),
    limit: null,
  },
  {
    title: "Triggers",
    description: "Every trigger that is pending or fires.",
    unit: "short",
    queries: [{ expression: "ALERTS", legend: "{{alertname}} {{alertstate}}" }],
    limit: null,
  },
  {
    title: "Latency P50, P95, P99",
    description: "Of all API requests.",
    unit: "s",
    queries: [0.5, 0.95, 0.99].map((quantile) => ({
      expression: `histogram_quantile(${quantile}, sum by (le) (rate(http_request_duration_seconds_bucket{route!="/metrics"}[1m])))`,
      legend: `P${quantile * 100}`,
    })),
    limit: null,
  },
  {
    title: "CPU",
    description: "Of the platform's process; latency up while this is low is backpressure.",
    unit: "percentunit",
    queries: [{ expression: "sum(rate(process_cpu_seconds_total[1m]))", legend: "CPU" }],
    limit: null,
  },
  {
    title: "Requests",
    description: "A minute, by status.",
    unit: "cpm",
    queries: [
      {
        expression: 'sum by (status) (rate(http_requests_total{route!="/metrics"}[1m])) * 60',
        legend: "{{status}}",
      },
    ],
    limit: null,
  },
  {
    title: "pgBouncer clients",
    description: "Clients with a server connection, and those that wait for one.",
    unit: "short",
    queries: [
      { expression: "sum(pgbouncer_pools_client_active_connections)", legend: "active" },
      { expression: "sum(pgbouncer_pools_client_waiting_connections)", legend: "waiting" },
    ],
    limit: null,
  },
];

const COLUMNS = 24;
const PANEL_WIDTH = 12;
const PANEL_HEIGHT = 8;

/** The dashboard as Grafana imports it: a data source variable, panels two in a row. */
export function renderDashboard(panels: readonly Panel[] = PANELS): string {
  const dashboard = {
    uid: "kanit-release",
    title: "kanit: release health",
    description: "Written by `kanit export grafana`.",
    tags: ["kanit"],
    timezone: "utc",
    schemaVersion: 39,
    version: 1,
    refresh: "5s",
    time: { from: "now-15m", to: "now" },
    templating: {
      list: [{ name: "datasource", type: "datasource", query: "prometheus", label: "Prometheus", hide: 0 }],
    },
    annotations: {
      list: [
        {
          name: "Triggers",
          datasource: { type: "prometheus", uid: "$datasource" },
          enable: true,
          iconColor: "red",
          expr: 'ALERTS{alertstate="firing",severity="rollback"}',
          titleFormat: "{{alertname}}",
        },
      ],
    },
    panels: panels.map(layOut),
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

function goldenPanel({ title, query, quantity, limit }: GoldenSignal): Panel {
  const isAbsolute = limit.kind !== "at-most-times-baseline";
  return {
    title,
    description: isAbsolute
      ? `Golden signal: ${limit.kind === "below" ? "below" : "at most"} ${limit.value} (${quantity}).`
      : `Golden signal: at most ${limit.factor} times what it was before the release.`,
    unit: UNITS[quantity],
    queries: [{ expression: query, legend: title }],
    limit: isAbsolute ? limit.value : null,
  };
}

function layOut({ title, description, unit, queries, limit }: Panel, index: number) {
  const datasource = { type: "prometheus", uid: "$datasource" };
  const steps = [
    { color: "green", value: null },
    ...(limit === null ? [] : [{ color: "red", value: limit }]),
  ];
  return {
    id: index + 1,
    type: "timeseries",
    title,
    description,
    datasource,
    gridPos: {
      x: (index * PANEL_WIDTH) % COLUMNS,
      y: Math.floor((index * PANEL_WIDTH) / COLUMNS) * PANEL_HEIGHT,
      w: PANEL_WIDTH,
      h: PANEL_HEIGHT,
    },
    fieldConfig: {
      defaults: {
        unit,
        custom: { thresholdsStyle: { mode: limit === null ? "off" : "line" } },
        thresholds: { mode: "absolute", steps },
      },
      overrides: [],
    },
    targets: queries.map(({ expression, legend }, query) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + query),
      datasource,
      expr: expression,
      legendFormat: legend,
    })),
  };
}
