import { z } from "zod";
import { KanitError, UnavailableError, UsageError } from "../../core/index.ts";
import { NetworkError, requestHttp } from "../../network/index.ts";
import { childrenOf, type Expr } from "../promql/ast.ts";
import { parsePromql } from "../promql/parse-promql.ts";
import type { QueryAnswer, QueryElement } from "../query-store.ts";
import { alertsData, envelope, queryData, rangeData } from "./prometheus-answer.ts";

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
  /** Called with Prometheus's warnings about an answer, such as data that it could not reach. */
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
  };
}

/** One Prometheus with its address and settings. */
class PrometheusApi {
  readonly address: string;
  readonly #base: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #allowedHosts: readonly string[];
  readonly #deadlineMs: number;
  readonly #onWarning: (warning: string) => void;

  constructor(
    text: string,
    allowedHosts: readonly string[],
    deadlineMs: number,
    onWarning: (warning: string) => void,
  ) {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || !["http:", "https:"].includes(url.protocol)) throw badUrl();
    const { username, password } = url;
    const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
    this.#headers = username === "" ? {} : { authorization: `Basic ${login.toString("base64")}` };
    url.username = "";
    url.password = "";
    url.search = "";
    url.hash = "";
    url.pathname = url.pathname.replace(/\/*$/, "/");
    this.#base = url;
    this.#allowedHosts = allowedHosts;
    this.#deadlineMs = deadlineMs;
    this.#onWarning = onWarning;
    this.address = url.href.replace(/\/$/, "");
  }

  /** Sends one query; parameters are sent in the body, where a long expression has room. */
  async ask<Schema extends z.ZodType>(
    path: string,
    parameters: Readonly<Record<string, string>> | undefined,
    schema: Schema,
    signal: AbortSignal | undefined,
  ): Promise<z.output<Schema>> {
    const { status, text } = await this.#fetch(path, parameters, signal);
    const answer = envelope.safeParse(parseJson(text));
    if (!answer.success) throw this.#unexpected(`status ${status} and ${JSON.stringify(text.slice(0, 80))}`);
    if (answer.data.status === "error") throw this.#refused(answer.data.errorType, answer.data.error);
    for (const warning of answer.data.warnings) this.#onWarning(warning);
    const data = schema.safeParse(answer.data.data);
    if (!data.success)
      throw this.#unexpected(z.prettifyError(data.error).replaceAll(/\s+/g, " "), data.error);
    return data.data;
  }

  async #fetch(
    path: string,
    parameters: Readonly<Record<string, string>> | undefined,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly status: number; readonly text: string }> {
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const question =
      parameters === undefined
        ? { headers: this.#headers }
        : {
            method: "POST",
            headers: { ...this.#headers, ...form },
            body: new URLSearchParams(parameters).toString(),
          };
    try {
      return await requestHttp(new URL(`api/v1/${path}`, this.#base), {
        ...question,
        redirects: "return",
        allowedHosts: this.#allowedHosts,
        deadlineMs: this.#deadlineMs,
        signal: signal ?? null,
      });
    } catch (cause) {
      if (cause instanceof NetworkError) throw this.#unreachable(cause.received, cause);
      throw cause;
    }
  }

  #unreachable(got: string, cause: unknown): KanitError {
    return new UnavailableError({
      code: "prometheus-unreachable",
      message: `Expected an answer from Prometheus at ${this.address}, got ${got}.`,
      nextStep: "Check the address and that Prometheus runs there.",
      cause,
    });
  }

  #unexpected(got: string, cause?: unknown): KanitError {
    return new UnavailableError({
      code: "prometheus-answer",
      message: `Expected an answer of Prometheus's HTTP API from ${this.address}, got ${got}.`,
      nextStep:
        "Give the address of Prometheus itself, with its path where it has one: http://127.0.0.1:9090.",
      cause,
    });
  }

  /** A timeout or an internal failure is Prometheus's own problem; any other error is the query's. */
  #refused(errorType: string, error: string): KanitError {
    const reason = `${errorType}: ${error.replaceAll(/\s+/g, " ")}`;
    if (["timeout", "canceled", "unavailable", "internal"].includes(errorType)) {
      return this.#unreachable(reason, undefined);
    }
    return new UsageError({
      code: "prometheus-refused",
      message: `Expected Prometheus at ${this.address} to take the question, got ${reason}.`,
      nextStep: "Correct the expression; it may need a newer Prometheus.",
    });
  }
}

function badUrl(): UsageError {
  return new UsageError({
    code: "bad-url",
    message: "Expected the address of a Prometheus, got something else.",
    nextStep: "Write it as http://127.0.0.1:9090 or https://prometheus.example.com/path.",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Undefined when the answer is not JSON; the caller reports what came instead.
    return undefined;
  }
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
