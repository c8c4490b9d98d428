import { type Clock, formatDuration, type QuantityName, whyImpossible } from "../../core/index.ts";
import { type AlertingRule, type PrometheusSource, prometheusSource } from "../../signals/index.ts";
import {
  type BlastAnswer,
  type BlastSignals,
  checksOf,
  lineOf,
  type ProbedLoad,
  requestsProblem,
  windowSeconds,
} from "./blast-signals.ts";
import { checkTriggers } from "./blast-triggers.ts";

/** A window that contains two scrapes of a Prometheus at its usual intervals of up to half a minute. */
const PROMETHEUS_WINDOW_SECONDS = 60;
const MOST_CLOCK_DIFFERENCE_MS = 5_000;
const LONGEST_WARNING = 300;

/** A query to a Prometheus about the canary. */
interface CanaryQuestion {
  readonly title: string;
  readonly expression: string;
  readonly quantity: QuantityName;
  /** Whether the lack of a result makes the blast inconclusive. */
  readonly isRequired: boolean;
}

/**
 * Queries a Prometheus that scrapes the canary. A rollback trigger that fires there fails the blast. The blast is
 * inconclusive when the Prometheus cannot be queried, has no data of the canary, returns numbers that are impossible or
 * of another process, or lacks a trigger.
 *
 * @throws UsageError `bad-url`.
 */
export function prometheusSignals(options: {
  readonly url: string;
  readonly allowedHosts: readonly string[];
  /** The label matchers that select the canary, without braces: `instance="canary:8080"`. */
  readonly match: string;
  /** Where the canary serves its metrics: requests for them are not counted. */
  readonly path: string;
  /** The counter of requests: `http_requests_total`. */
  readonly requestsMetric: string;
  /** The rules that the Prometheus must have loaded. */
  readonly rules: readonly AlertingRule[];
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): BlastSignals {
  const { clock, match, signal } = options;
  const troubles = new Set<string>();
  const source = prometheusSource({
    url: options.url,
    allowedHosts: options.allowedHosts,
    deadlineMs: options.timeoutMs,
    onWarning: (warning) => troubles.add(`Prometheus warns: ${warning.slice(0, LONGEST_WARNING)}`),
  });
  return {
    async ask(load) {
      const questions = canaryQuestions(options, windowMs(load) / 1_000);
      const [clocks, asked, triggers] = await Promise.all([
        clockProblems(source, clock, signal),
        Promise.all(questions.map((question) => ask(source, question, clock.nowMs(), signal))),
        checkTriggers(source, options.rules, signal),
      ]);
      const answers = asked.map(({ answer }) => answer);
      const found = [...clocks, ...asked.flatMap(({ problem }) => problem ?? [])];
      const foreign = found.length > 0 ? [] : canaryProblems(answers, options.requestsMetric, load, clock);
      const problems = [...new Set([...found, ...foreign, ...troubles])];
      const cpuFraction = problems.length === 0 ? (answers[0]?.value ?? null) : null;
      const expected = `plausible numbers of one process, {${match}}`;
      const received = `CPU ${((cpuFraction ?? 0) * 100).toFixed(1)} %`;
      const checks = [...checksOf("Prometheus", expected, received, problems), ...triggers];
      return { source: source.address, cpuFraction, answers, checks, remarks: problems };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** `canaryProblems` reads the first six answers by their position. */
function canaryQuestions(
  {
    match,
    path,
    requestsMetric,
  }: Pick<Parameters<typeof prometheusSignals>[0], "match" | "path" | "requestsMetric">,
  seconds: number,
): readonly CanaryQuestion[] {
  const of = (metric: string, more = "") =>
    `${metric}{${[match, more].filter((part) => part !== "").join(",")}}`;
  const rate = (selector: string) => `sum(rate(${selector}[${seconds}s]))`;
  const cpu = of("process_cpu_seconds_total");
  const start = of("process_start_time_seconds");
  const buckets = of("http_request_duration_seconds_bucket", `route!=${JSON.stringify(path)}`);
  const required = { isRequired: true } as const;
  const optional = { isRequired: false } as const;
  return [
    { title: "CPU", expression: rate(cpu), quantity: "cores", ...required },
    { title: "processes", expression: `count(${start})`, quantity: "count", ...required },
    { title: "start of the process", expression: `max(${start})`, quantity: "epoch-seconds", ...required },
    { title: "latest scrape", expression: `max(timestamp(${cpu}))`, quantity: "epoch-seconds", ...required },
    {
      title: "requests",
      expression: `sum(increase(${of(requestsMetric)}[${seconds}s]))`,
      quantity: "amount",
      ...required,
    },
    {
      title: "falls of the CPU's counter",
      expression: `sum(resets(${cpu}[${seconds}s]))`,
      quantity: "count",
      ...optional,
    },
    {
      title: "P95",
      expression: `histogram_quantile(0.95, sum by (le) (rate(${buckets}[${seconds}s])))`,
      quantity: "seconds",
      ...optional,
    },
    {
      title: "5xx",
      expression: `${rate(of(requestsMetric, 'status=~"5.."'))} / ${rate(of(requestsMetric))}`,
      quantity: "ratio",
      ...optional,
    },
  ];
}

async function ask(
  source: PrometheusSource,
  { title, expression, quantity, isRequired }: CanaryQuestion,
  atMs: number,
  signal: AbortSignal,
): Promise<{ readonly answer: BlastAnswer; readonly problem: string | null }> {
  const none = { question: expression, value: null };
  try {
    const answer = await source.query(expression, atMs, signal);
    const elements = answer.kind === "no-data" ? [] : answer.elements;
    const [element] = elements;
    if (element === undefined) {
      return { answer: none, problem: isRequired ? `${title}: no data for ${expression}` : null };
    }
    if (elements.length > 1) {
      return { answer: none, problem: `${title}: expected one number, got ${elements.length}` };
    }
    const { value } = element;
    const impossible = whyImpossible(quantity, value);
    const problem = impossible === null ? null : `${title}: ${impossible}`;
    return { answer: { question: expression, value }, problem };
  } catch (error) {
    return { answer: none, problem: lineOf(error, signal) };
  }
}

/** Returns why the numbers cannot be those of the probed process during the blast, one line each. */
function canaryProblems(
  answers: readonly BlastAnswer[],
  requestsMetric: string,
  load: ProbedLoad,
  clock: Clock,
): readonly string[] {
  const [, processes = 0, started = 0, scraped = 0, requests = 0, falls = 0] = answers.map(
    ({ value }) => value ?? 0,
  );
  const sinceStartMs = clock.nowMs() - started * 1_000;
  const sinceScrape = formatDuration(clock.nowMs() - scraped * 1_000);
  const isOlderThanWindow = sinceStartMs > windowMs(load);
  return [
    processes === 1 ? null : `processes: expected the canary alone, got ${processes}`,
    started * 1_000 > load.startedAtMs ? "the process was replaced during the blast" : null,
    scraped * 1_000 < load.startedAtMs
      ? `latest scrape: ${sinceScrape} ago, which is before the blast`
      : null,
    falls > 0 && isOlderThanWindow ? `the CPU's counter fell ${falls} times in one process` : null,
    // A Prometheus knows only what was counted between its scrapes, so any increase is enough.
    load.answered > 0 && requests <= 0 ? requestsProblem(requestsMetric, requests, load) : null,
  ].filter((problem) => problem !== null);
}

function windowMs({ lengthMs }: ProbedLoad): number {
  return 1_000 * windowSeconds(lengthMs, PROMETHEUS_WINDOW_SECONDS);
}

async function clockProblems(
  source: PrometheusSource,
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    const beforeMs = clock.nowMs();
    const theirsMs = await source.nowMs(signal);
    const aheadMs = theirsMs - (beforeMs + clock.nowMs()) / 2;
    if (Math.abs(aheadMs) <= MOST_CLOCK_DIFFERENCE_MS) return [];
    const where = aheadMs > 0 ? "ahead of" : "behind";
    return [`the clock of Prometheus is ${formatDuration(Math.abs(aheadMs))} ${where} this one`];
  } catch (error) {
    return [lineOf(error, signal)];
  }
}
