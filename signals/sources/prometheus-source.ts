import type { z } from "zod";
import { KanitError } from "../../core/index.ts";
import { childrenOf, type Expr } from "../promql/ast.ts";
import { parsePromql } from "../promql/parse-promql.ts";
import type { QueryAnswer, QueryElement } from "../query-store.ts";
import {
  alertmanagersData,
  alertsData,
  queryData,
  rangeData,
  rulesData,
  targetsData,
} from "./prometheus-answer.ts";
import { PrometheusApi } from "./prometheus-api.ts";

/** One series of a range query's answer. */
interface AnsweredSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly { readonly timeMs: number; readonly value: number }[];
}

/** An alert that is pending or firing now. */
interface PrometheusAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: "pending" | "firing";
  readonly activeAtMs: number;
  readonly value: number;
}

/** An alerting rule that a Prometheus has loaded. */
export interface PrometheusRule {
  readonly name: string;
  /** As Prometheus prints it. */
  readonly expression: string;
  readonly forMs: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether its last evaluation worked; `unknown` before the first one. */
  readonly health: "ok" | "err" | "unknown";
  /** Why its last evaluation failed; the empty text when it did not. */
  readonly lastError: string;
  readonly evaluatedAtMs: number;
  /** From one evaluation of its group to the next. */
  readonly intervalMs: number;
}

/** A target that a Prometheus scrapes. */
export interface PrometheusTarget {
  readonly job: string;
  readonly instance: string;
  readonly health: "up" | "down" | "unknown";
  /** Why its last scrape failed; the empty text when it did not. */
  readonly lastError: string;
  readonly scrapedAtMs: number;
}

/** Queries to a Prometheus. Each rejects as `prometheusSource` describes. */
export interface PrometheusSource {
  /** Its address without name and password, for reports. */
  readonly address: string;
  /**
   * The value of an expression at a time. For an empty result it says whether anything was measured at all.
   */
  query(expression: string, atMs: number, signal?: AbortSignal): Promise<QueryAnswer>;
  /** The values of an expression at each step of a range, both ends inclusive. */
  queryRange(
    expression: string,
    range: { readonly startMs: number; readonly endMs: number; readonly stepMs: number },
    signal?: AbortSignal,
  ): Promise<readonly AnsweredSeries[]>;
  /** Every alert that is pending or firing now. */
  alerts(signal?: AbortSignal): Promise<readonly PrometheusAlert[]>;
  /** Every alerting rule that it has loaded. */
  rules(signal?: AbortSignal): Promise<readonly PrometheusRule[]>;
  /** Every target that it scrapes. */
  targets(signal?: AbortSignal): Promise<readonly PrometheusTarget[]>;
  /** The addresses of each Alertmanager to which it sends alerts. */
  alertmanagers(signal?: AbortSignal): Promise<readonly string[]>;
  /** The time of day by its own clock. */
  nowMs(signal?: AbortSignal): Promise<number>;
}

const DEFAULT_DEADLINE_MS = 5_000;

/**
 * Queries a real Prometheus over its HTTP API (v1). A path before `/api` and a name and password in the
 * address are kept; redirects are not followed, since they could lead to a host that was not allowed.
 *
 * The queries reject with UnavailableError `prometheus-unreachable` (no answer, or none before the deadline)
 * or `prometheus-answer` (something else than Prometheus's API answered), and with UsageError
 * `prometheus-refused` for a query that Prometheus itself refuses; each message is one line.
 *
 * @throws UsageError `bad-url`.
 */
export function prometheusSource(options: {
  readonly url: string;
  /** Hosts besides this machine that may be queried; none by default. */
  readonly allowedHosts?: readonly string[];
  /** The deadline of one query; 5 s by default. */
  readonly deadlineMs?: number;
  /** Called with Prometheus's warnings about an answer, such as data that it could not reach or had to correct. */
  readonly onWarning?: (warning: string) => void;
}): PrometheusSource {
  const { url, allowedHosts = [], deadlineMs = DEFAULT_DEADLINE_MS, onWarning = () => undefined } = options;
  const api = new PrometheusApi(url, allowedHosts, deadlineMs, onWarning);
  const query = async (expression: string, atMs: number, signal?: AbortSignal) => {
    const asked = { query: expression, time: seconds(atMs) };
    return elementsOf(await api.ask("query", asked, queryData, signal));
  };
  return {
    address: api.address,
    async query(expression, atMs, signal) {
      const elements = await query(expression, atMs, signal);
      if (elements.length > 0) return { kind: "elements", elements };
      const measured = measuredQuery(expression);
      if (measured === undefined || (await query(measured, atMs, signal)).length === 0)
        return { kind: "no-data" };
      return { kind: "elements", elements };
    },
    async queryRange(expression, { startMs, endMs, stepMs }, signal) {
      const asked = {
        query: expression,
        start: seconds(startMs),
        end: seconds(endMs),
        step: seconds(stepMs),
      };
      const { result } = await api.ask("query_range", asked, rangeData, signal);
      return result.map(({ metric, values }) => ({
        labels: metric,
        points: values.map(([atSeconds, value]) => ({ timeMs: milliseconds(atSeconds), value })),
      }));
    },
    async alerts(signal) {
      const { alerts } = await api.ask("alerts", undefined, alertsData, signal);
      return alerts.map(({ activeAt, ...alert }) => ({ ...alert, activeAtMs: activeAt }));
    },
    async rules(signal) {
      const { groups } = await api.ask("rules", undefined, rulesData, signal);
      return groups.flatMap(({ interval, rules }) =>
        rules
          .filter((rule) => rule.type === "alerting")
          .map(({ name, query, duration, labels, health, lastError, lastEvaluation }) => ({
            ...{ name, labels, health, lastError },
            expression: query,
            forMs: 1_000 * duration,
            evaluatedAtMs: lastEvaluation,
            intervalMs: 1_000 * interval,
          })),
      );
    },
    async targets(signal) {
      const { activeTargets } = await api.ask("targets?state=active", undefined, targetsData, signal);
      return activeTargets.map(({ labels, health, lastError, lastScrape }) => ({
        ...{ health, lastError, scrapedAtMs: lastScrape },
        job: labels.job ?? "",
        instance: labels.instance ?? "",
      }));
    },
    async alertmanagers(signal) {
      const { activeAlertmanagers } = await api.ask("alertmanagers", undefined, alertmanagersData, signal);
      return activeAlertmanagers.map(({ url }) => url);
    },
    async nowMs(signal) {
      // Without a time it is evaluated at the Prometheus's own.
      const data = await api.ask("query", { query: "time()" }, queryData, signal);
      return milliseconds(elementsOf(data)[0]?.value ?? Number.NaN);
    },
  };
}

function elementsOf(data: z.output<typeof queryData>): readonly QueryElement[] {
  if (data.resultType === "scalar") return [{ labels: {}, value: data.result[1] }];
  return data.result.map(({ metric, value }) => ({ labels: metric, value: value[1] }));
}

/**
 * Returns a query that has a result if the selectors of an expression have samples, without
 * regard to `offset` and `@`. Undefined for an expression that kanit cannot parse: its empty
 * result then counts as no data.
 */
function measuredQuery(expression: string): string | undefined {
  try {
    const parts = measuredParts(parsePromql(expression), expression);
    // An expression without selectors always has data.
    return parts.length === 0 ? "vector(1)" : parts.join(" or ");
  } catch (error) {
    if (error instanceof KanitError) return undefined;
    throw error;
  }
}

function measuredParts(expr: Expr, text: string): readonly string[] {
  const written = text.slice(expr.span.from, expr.span.to);
  if (expr.kind === "matrix-selector") return [`count(present_over_time(${written}))`];
  if (expr.kind === "vector-selector") return [`count(${written})`];
  return childrenOf(expr).flatMap((child) => measuredParts(child, text));
}

function seconds(timeMs: number): string {
  return (timeMs / 1_000).toFixed(3);
}

function milliseconds(atSeconds: number): number {
  return Math.round(atSeconds * 1_000);
}
