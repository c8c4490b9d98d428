import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { systemClock } from "../../../core/index.ts";
import { prometheusSignals } from "../../../gates/blast/prometheus-signals.ts";
import { scrapedSignals } from "../../../gates/blast/scraped-signals.ts";
import { pageLines } from "../../../gates/blast/testing/canary.ts";
import { loadedRule } from "../../../gates/blast/testing/prometheus.ts";
import { ALL_RULE_FILES, alertsOf, loadRuleFiles } from "../../../signals/index.ts";
import { type FuzzTarget, SHARES, slowTarget, textsNear } from "../fuzz-target.ts";
import { shapesOf } from "../json-shapes.ts";

const PAGE = `${pageLines(30).join("\n")}\n`;
const PAGE_WORDS = [
  ...[
    "process_cpu_seconds_total",
    "http_requests_total",
    '{status="200"}',
    '{le="+Inf"}',
    " ",
    "\n",
    "NaN",
    "+Inf",
  ],
  ...[
    "-1",
    "1e308",
    "# TYPE ",
    "counter",
    "# HELP ",
    "\\",
    '"',
    "{",
    "}",
    ",",
    "=",
    "1748700000",
    "\ud800",
    "\0",
  ],
];
const LOAD = { lengthMs: 3_000, answered: 30 };
const NOW_S = Date.now() / 1_000;
/** What a healthy Prometheus answers, by the path. */
const ANSWERS = {
  "/api/v1/query": { resultType: "vector", result: [{ metric: { instance: "x" }, value: [NOW_S, "0.4"] }] },
  "/api/v1/query_range": { resultType: "matrix", result: [{ metric: {}, values: [[NOW_S, "1"]] }] },
  "/api/v1/alerts": {
    alerts: [
      {
        labels: { alertname: "A", severity: "page" },
        state: "firing",
        value: "1",
        activeAt: "2025-06-01T12:00:00Z",
      },
    ],
  },
  "/api/v1/rules": {
    groups: [
      {
        name: "g",
        interval: 15,
        rules: [
          {
            type: "alerting",
            name: "A",
            query: "up",
            duration: 1,
            labels: {},
            health: "ok",
            lastEvaluation: "2025-06-01T12:00:00Z",
          },
        ],
      },
    ],
  },
} as const;
const PATHS = Object.keys(ANSWERS) as (keyof typeof ANSWERS)[];
const answers = fc.oneof(
  ...PATHS.map((path) =>
    shapesOf({ status: "success", data: ANSWERS[path], warnings: ["w"] }).map((body) => `${path} ${body}`),
  ),
);

/** What a canary, or the Prometheus that scrapes it, tells a blast. */
export const blastTargets: readonly FuzzTarget[] = [
  slowTarget("blast-metrics", SHARES.sockets, textsNear(PAGE_WORDS, [PAGE]), openPage),
  slowTarget("blast-prometheus", SHARES.sockets, answers, openPrometheus),
];

/** A server that answers with what the case says. */
async function serve(answer: (path: string) => string) {
  const server = createServer((request, response) => {
    request.resume();
    response.end(answer((request.url ?? "").split("?")[0] ?? ""));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function openPage() {
  let page = "";
  const server = await serve(() => page);
  return {
    read: async (input: string) => {
      page = input;
      await using signals = scrapedSignals({
        ...{ url: new URL(`${server.url}/metrics`), allowedHosts: [], requestsMetric: "http_requests_total" },
        ...{ intervalMs: 10_000, timeoutMs: 5_000, clock: systemClock },
      });
      return JSON.stringify(await signals.ask({ ...LOAD, startedAtMs: Date.now() - LOAD.lengthMs }));
    },
    [Symbol.asyncDispose]: server[Symbol.asyncDispose],
  };
}

async function openPrometheus() {
  const rules = alertsOf(await loadRuleFiles(ALL_RULE_FILES));
  const loaded = rules.map((rule) => ({ type: "alerting", ...loadedRule(rule, Date.now()) }));
  let [changed, body] = ["", ""];
  const server = await serve((path) => {
    if (path === changed) return body;
    const data =
      path === "/api/v1/rules"
        ? { groups: [{ name: "g", interval: 15, rules: loaded }] }
        : ANSWERS[path as (typeof PATHS)[number]];
    return JSON.stringify({ status: "success", data });
  });
  return {
    read: async (input: string) => {
      const space = input.indexOf(" ");
      [changed, body] = [input.slice(0, space), input.slice(space + 1)];
      await using signals = prometheusSignals({
        ...{
          url: server.url,
          allowedHosts: [],
          match: 'instance="x"',
          requestsMetric: "http_requests_total",
          path: "/metrics",
        },
        ...{ rules, timeoutMs: 5_000, clock: systemClock, signal: new AbortController().signal },
      });
      return JSON.stringify(await signals.ask({ ...LOAD, startedAtMs: Date.now() - LOAD.lengthMs }));
    },
    [Symbol.asyncDispose]: server[Symbol.asyncDispose],
  };
}
