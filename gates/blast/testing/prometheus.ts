import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { AlertingRule } from "../../../signals/index.ts";

/** A server on loopback that answers like Prometheus's HTTP API. */
export interface StartedPrometheus extends AsyncDisposable {
  readonly url: string;
}

/** The queries of a blast, by their text. */
const QUESTIONS = {
  now: /^time\(\)$/,
  cpu: /^sum\(rate\(process_cpu_seconds_total\{[^)]*\)\)$/,
  processes: /^count\(process_start_time_seconds/,
  started: /^max\(process_start_time_seconds/,
  scraped: /^max\(timestamp\(/,
  requests: /^sum\(increase\(/,
  falls: /^sum\(resets\(/,
  p95: /^histogram_quantile\(/,
  errors: /\) \/ sum\(/,
} as const;
export type Question = keyof typeof QUESTIONS;

/** One rule in an answer of the rules API. */
export interface LoadedRule {
  readonly name: string;
  readonly query: string;
  readonly duration: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly health: string;
  readonly lastError?: string;
  readonly lastEvaluation: string;
}

/** How a Prometheus behaves; absent parts are those of a healthy canary. */
export interface PrometheusBehavior {
  /** The values of each query's result, as Prometheus writes them; an empty list for no result. */
  readonly answers?: Readonly<Partial<Record<Question, readonly string[]>>>;
  readonly alerts?: readonly {
    readonly alertname: string;
    readonly severity: string;
    readonly state: string;
  }[];
  readonly rules?: readonly LoadedRule[];
  /** The time of its clock; by default this machine's. */
  readonly nowMs?: number;
  /** Further fields of each answer: warnings. */
  readonly beside?: Readonly<Record<string, unknown>>;
  /** Replaces every answer. */
  readonly raw?: { readonly status: number; readonly body: string };
}

/** A rule that was loaded as written and evaluated one second ago. */
export function loadedRule({ name, text: query, forMs, labels }: AlertingRule, nowMs: number): LoadedRule {
  return {
    ...{ name, query, duration: forMs / 1_000, health: "ok" },
    labels: Object.fromEntries(Object.entries(labels).map(([label, template]) => [label, template.text])),
    lastEvaluation: new Date(nowMs - 1_000).toISOString(),
  };
}

/** Starts a Prometheus that behaves as configured. */
export async function startPrometheus(behavior: PrometheusBehavior = {}): Promise<StartedPrometheus> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { raw, beside } = behavior;
      if (raw !== undefined) return response.writeHead(raw.status).end(raw.body);
      const query = new URLSearchParams(body).get("query") ?? "";
      const data = dataOf(request.url, query, behavior);
      return response.end(JSON.stringify({ status: "success", data, ...beside }));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function dataOf(path: string | undefined, query: string, behavior: PrometheusBehavior) {
  const { answers, alerts = [], rules = [], nowMs = Date.now() } = behavior;
  if (path === "/api/v1/alerts") {
    const activeAt = "2025-06-01T12:00:00.123456789Z";
    return { alerts: alerts.map(({ state, ...labels }) => ({ labels, state, activeAt, value: "1e+00" })) };
  }
  if (path === "/api/v1/rules") {
    const alerting = rules.map((rule) => ({ type: "alerting", ...rule }));
    return { groups: [{ name: "g", interval: 15, rules: [{ type: "recording", name: "r" }, ...alerting] }] };
  }
  const question = (Object.keys(QUESTIONS) as Question[]).find((each) => QUESTIONS[each].test(query));
  const nowSeconds = nowMs / 1_000;
  const well = { now: nowSeconds, cpu: 0.4, processes: 1, started: nowSeconds - 3_600, scraped: nowSeconds };
  const found: Readonly<Record<Question, number>> = {
    ...well,
    requests: 300,
    falls: 0,
    p95: 0.01,
    errors: 0,
  };
  const values = question === undefined ? [] : (answers?.[question] ?? [String(found[question])]);
  if (question === "now") return { resultType: "scalar", result: [nowSeconds, values[0]] };
  const result = values.map((value, index) => ({ metric: { n: String(index) }, value: [nowSeconds, value] }));
  return { resultType: "vector", result };
}
