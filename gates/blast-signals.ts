import { type Clock, KanitError } from "../core/index.ts";
import {
  metricsSource,
  type PrometheusSource,
  prometheusSource,
  queryNumber,
  SampleStore,
  Scraper,
} from "../signals/index.ts";
import type { BlastCheck } from "./blast-check.ts";

/** One query of a blast, and the number that it returned; null for none. */
interface BlastAnswer {
  readonly question: string;
  readonly value: number | null;
}

/** What a blast learned about the platform from its metrics. */
export interface BlastMetrics {
  /** The source: the platform's own metrics, or the address of a Prometheus. */
  readonly source: string;
  /** Of one core; null when it is unknown. */
  readonly cpuFraction: number | null;
  readonly answers: readonly BlastAnswer[];
  /** The checks that the source itself adds. */
  readonly checks: readonly BlastCheck[];
  /** Errors of queries, one line each. */
  readonly remarks: readonly string[];
}

/**
 * The source of measurements that a blast cannot make from outside. It may measure from the blast's start,
 * and is queried once, at the end.
 */
export interface BlastSignals extends AsyncDisposable {
  ask(lengthMs: number): Promise<BlastMetrics>;
}

/** Scrapes the platform's own metrics during the blast. */
export function scrapedSignals(options: {
  readonly url: URL;
  readonly allowedHosts: readonly string[];
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
}): BlastSignals {
  const { clock } = options;
  const store = new SampleStore();
  const scraper = new Scraper({
    sources: [metricsSource({ name: "platform", url: options.url.href, allowedHosts: options.allowedHosts })],
    sinks: [store],
    clock,
    intervalMs: options.intervalMs,
    deadlineMs: options.timeoutMs,
  }).start();
  return {
    async ask(lengthMs) {
      await scraper.collectOnce();
      const question = `sum(rate(process_cpu_seconds_total[${windowSeconds(lengthMs, 2)}s]))`;
      const value = queryNumber(store, question, clock.nowMs()) ?? null;
      return {
        source: "its own metrics",
        cpuFraction: value,
        answers: [{ question, value }],
        checks: [],
        remarks: [],
      };
    },
    [Symbol.asyncDispose]: () => scraper.stop(),
  };
}

/** A window that contains two scrapes of a Prometheus at its usual intervals of up to half a minute. */
const PROMETHEUS_WINDOW_SECONDS = 60;
const ROLLBACK_SEVERITY = "rollback";

/**
 * Queries a Prometheus that scrapes the canary. A rollback trigger that fires there fails the blast; a
 * Prometheus that cannot be queried makes it inconclusive.
 *
 * @throws UsageError `bad-url`.
 */
export function prometheusSignals(options: {
  readonly url: string;
  readonly allowedHosts: readonly string[];
  /** The label matchers that select the canary, without braces: `instance="canary:8080"`. */
  readonly match: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): BlastSignals {
  const { clock, match, signal } = options;
  const remarks = new Set<string>();
  const source = prometheusSource({
    url: options.url,
    allowedHosts: options.allowedHosts,
    deadlineMs: options.timeoutMs,
    onWarning: (warning) => remarks.add(`Prometheus warns: ${warning}`),
  });
  const ask = async (question: string): Promise<BlastAnswer> => {
    try {
      return { question, value: numberOf(await source.query(question, clock.nowMs(), signal)) };
    } catch (error) {
      remarks.add(lineOf(error, signal));
      return { question, value: null };
    }
  };
  return {
    async ask(lengthMs) {
      const questions = canaryQuestions(match, windowSeconds(lengthMs, PROMETHEUS_WINDOW_SECONDS));
      const [cpu, ...others] = await Promise.all(questions.map(ask));
      const alerts = await checkAlerts(source, signal, remarks);
      const answers = [cpu, ...others].filter((answer) => answer !== undefined);
      const cpuFraction = cpu?.value ?? null;
      const checks = [checkKnown(match, cpuFraction), alerts];
      return { source: source.address, cpuFraction, answers, checks, remarks: [...remarks] };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** A Prometheus without data of the canary says nothing for or against it. */
function checkKnown(match: string, cpuFraction: number | null): BlastCheck {
  const check = { name: "Prometheus", expected: `process_cpu_seconds_total of {${match}}` };
  return cpuFraction === null
    ? { ...check, verdict: "inconclusive", received: "no answer" }
    : { ...check, verdict: "pass", received: `CPU ${(100 * cpuFraction).toFixed(1)} %` };
}

/** The CPU first; then the platform's other metrics, for the evidence. */
function canaryQuestions(match: string, seconds: number): readonly string[] {
  const of = (metric: string, more = "") =>
    `${metric}{${[match, more].filter((part) => part !== "").join(",")}}`;
  const rate = (selector: string) => `sum(rate(${selector}[${seconds}s]))`;
  const buckets = of("http_request_duration_seconds_bucket", 'route!="/metrics"');
  return [
    rate(of("process_cpu_seconds_total")),
    `histogram_quantile(0.95, sum by (le) (rate(${buckets}[${seconds}s])))`,
    `${rate(of("http_requests_total", 'status=~"5.."'))} / ${rate(of("http_requests_total"))}`,
  ];
}

async function checkAlerts(
  source: PrometheusSource,
  signal: AbortSignal,
  remarks: Set<string>,
): Promise<BlastCheck> {
  const check = { name: "triggers", expected: `no alert of severity ${ROLLBACK_SEVERITY} fires` };
  try {
    const alerts = await source.alerts(signal);
    const names = alerts
      .filter(({ state, labels }) => state === "firing" && labels.severity === ROLLBACK_SEVERITY)
      .map(({ labels }) => labels.alertname ?? "an alert without a name");
    if (names.length === 0) return { ...check, verdict: "pass", received: "none" };
    return { ...check, verdict: "fail", received: [...new Set(names)].join(", ") };
  } catch (error) {
    const line = lineOf(error, signal);
    remarks.add(line);
    return { ...check, verdict: "inconclusive", received: line };
  }
}

function numberOf(answer: Awaited<ReturnType<PrometheusSource["query"]>>): number | null {
  if (answer.kind === "no-data" || answer.elements.length !== 1) return null;
  const value = answer.elements[0]?.value ?? Number.NaN;
  return Number.isNaN(value) ? null : value;
}

/** An interrupted blast is reported as interrupted; any other error of a query is a line of its evidence. */
function lineOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "Interrupted before the answer.";
  if (error instanceof KanitError) return error.message;
  throw error;
}

function windowSeconds(lengthMs: number, leastSeconds: number): number {
  return Math.max(leastSeconds, Math.ceil(lengthMs / 1_000) + 1);
}
