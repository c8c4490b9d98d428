import { type Clock, whyImpossible } from "../../core/index.ts";
import {
  auditedSource,
  metricsSource,
  PageAudit,
  queryNumber,
  type Sample,
  SampleStore,
  Scraper,
  type Source,
  type SourceHealth,
} from "../../signals/index.ts";
import {
  type BlastSignals,
  checksOf,
  type ProbedLoad,
  requestsProblem,
  windowSeconds,
} from "./blast-signals.ts";

const CPU = "process_cpu_seconds_total";
const DURATIONS = "http_request_duration_seconds";
/** `rate` needs two samples. */
const SHORTEST_WINDOW_SECONDS = 2;
/** A few scrapes may fail, as a few requests may. */
const MOST_FAILED_SHARE = 0.1;

/**
 * Scrapes the platform's own metrics during the blast. They are evidence only when their values are possible, and
 * when they come from the probed process, from the first scrape to the last.
 */
export function scrapedSignals(options: {
  readonly url: URL;
  readonly allowedHosts: readonly string[];
  /** The counter of requests: `http_requests_total`. */
  readonly requestsMetric: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
}): BlastSignals {
  const { clock, requestsMetric } = options;
  const store = new SampleStore(clock);
  const page = new WatchedPage(requestsMetric, clock);
  const scraper = new Scraper({
    sources: [
      page.watching(
        metricsSource({ name: "platform", url: options.url.href, allowedHosts: options.allowedHosts }),
      ),
    ],
    sinks: [store],
    clock,
    intervalMs: options.intervalMs,
    deadlineMs: options.timeoutMs,
  }).start();
  return {
    async ask(load) {
      await scraper.collectOnce();
      const window = windowSeconds(load.lengthMs, SHORTEST_WINDOW_SECONDS);
      const question = `sum(rate(${CPU}[${window}s]))`;
      const value = queryNumber(store, question, clock.nowMs()) ?? null;
      const problems = [
        ...scraper.health().flatMap(healthProblems),
        ...page.problems(load),
        ...cpuProblems(value, page.isRead),
      ];
      const cpuFraction = problems.length === 0 ? value : null;
      const expected = "plausible metrics of the probed process itself";
      const received = `CPU ${((cpuFraction ?? 0) * 100).toFixed(1)} %`;
      return {
        source: "its own metrics",
        cpuFraction,
        answers: [{ question, value }],
        checks: checksOf("metrics", expected, received, problems),
        remarks: [...problems, ...scraper.health().flatMap(({ refusals }) => refusals)],
      };
    },
    [Symbol.asyncDispose]: () => scraper.stop(),
  };
}

/** Checks each scraped page for signs that it is not the probed process's. */
class WatchedPage {
  readonly #clock: Clock;
  readonly #requestsMetric: string;
  readonly #audit: PageAudit;
  readonly #required: readonly string[];
  readonly #requests: GrowingSum;
  readonly #durations = new GrowingSum(`${DURATIONS}_count`);
  constructor(requestsMetric: string, clock: Clock) {
    this.#clock = clock;
    this.#requestsMetric = requestsMetric;
    this.#requests = new GrowingSum(requestsMetric);
    this.#required = [CPU, "process_start_time_seconds", requestsMetric];
    this.#audit = new PageAudit([...this.#required, `${DURATIONS}_bucket`, `${DURATIONS}_count`]);
  }

  get isRead(): boolean {
    return this.#audit.pages > 0;
  }

  /** Returns the same source; its pages are checked as they arrive. */
  watching(source: Source): Source {
    const audited = auditedSource(source, this.#audit, this.#clock);
    return {
      ...audited,
      collect: async (signal) => {
        const samples = await audited.collect(signal);
        this.#requests.add(samples);
        this.#durations.add(samples);
        return samples;
      },
    };
  }

  problems(load: ProbedLoad): readonly string[] {
    if (!this.isRead) return [];
    const missing = this.#audit.missing().filter((metric) => this.#required.includes(metric));
    const { restarted } = this.#audit;
    const counted = this.#requests.growth;
    const timed = this.#durations.growth;
    return [
      ...missing.map((metric) => `${metric} is not on the page`),
      ...this.#audit.problems(),
      ...(restarted === null ? [] : [`the process was replaced during the blast: ${restarted}`]),
      ...(counted === null ? [] : [requestsProblem(this.#requestsMetric, counted, load)]),
      ...(timed === null ? [] : [requestsProblem(`${DURATIONS}_count`, timed, load)]),
    ].filter((problem) => problem !== null);
  }
}

/** The increase of the sum of a metric's series from the first page to the last. */
class GrowingSum {
  readonly #metric: string;
  #first: number | null = null;
  #last: number | null = null;

  constructor(metric: string) {
    this.#metric = metric;
  }

  /** Null while no page had such a series. A series that appears later started at zero. */
  get growth(): number | null {
    return this.#last === null ? null : this.#last - (this.#first ?? 0);
  }

  add(samples: readonly Sample[]): void {
    const values = samples.filter(({ labels }) => labels.metricName === this.#metric);
    const sum = values.reduce((total, { value }) => total + value, 0);
    this.#first ??= sum;
    this.#last = values.length === 0 ? this.#last : sum;
  }
}

function healthProblems({ collections, failures, isUp, lastFailure }: SourceHealth): readonly string[] {
  const why = lastFailure?.error instanceof Error ? lastFailure.error.message : "no answer in time";
  const isLost = isUp === false || failures > collections * MOST_FAILED_SHARE;
  return isLost ? [`${failures} of ${collections} scrapes failed, the last one with: ${why}`] : [];
}

function cpuProblems(value: number | null, isRead: boolean): readonly string[] {
  if (value === null) return isRead ? [`no rate of ${CPU}: one sample is not enough`] : [];
  const impossible = whyImpossible("cores", value);
  return impossible === null ? [] : [`CPU: ${impossible}`];
}
