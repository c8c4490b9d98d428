import { type Clock, parseDurationMs, whyImpossible } from "../../core/index.ts";
import {
  GOLDEN_SIGNALS,
  type GoldenSignal,
  keepsLimit,
  prometheusSource,
  queryOver,
} from "../../signals/index.ts";
import { askNumber, type NumberOrWhy } from "./ask-number.ts";
import type { GoldenReading, SignalReading } from "./golden-reading.ts";

const REQUESTS_RANGE = 'http_requests_total{route!="/metrics"}';
/** The signals that say nothing without enough requests. */
const OF_REQUESTS: ReadonlySet<string> = new Set(["api_latency_p95", "http_errors"]);
/** From one look at the staleness to the next: each costs, and a monitor that has just begun has few. */
const STALENESS_STEP = { short: "1s", long: "15s" } as const;
const LONG_WINDOW_MS = 30 * 60_000;
const BETWEEN_MS = 500;
const LONGEST_REASON = 200;

/** Where the golden signals are read, and how. */
export interface GoldenQuestion {
  readonly prometheus: string;
  readonly allowedHosts: readonly string[];
  /** `5m` */
  readonly window: string;
  readonly cspBaselinePerMinute: number | null;
  readonly leastRequests: number;
  /** How long a signal may take to have data, such as after the start of a monitor. */
  readonly patienceMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Reads the eight golden signals. It asks again until each has data, or its patience is over. What cannot be had is
 * unknown and says why: no data, NaN, an impossible number, several series, too few requests, an error, a warning.
 *
 * @throws the signal's reason when it is aborted.
 */
export async function readGoldenSignals(question: GoldenQuestion): Promise<GoldenReading> {
  const { clock, patienceMs, signal } = question;
  const endMs = clock.monotonicMs() + patienceMs;
  for (;;) {
    const reading = await readOnce(question);
    signal.throwIfAborted();
    const isWaitedFor = reading.signals.some(({ value, why }) => value === null || why.startsWith(TOO_FEW));
    if (!isWaitedFor || clock.monotonicMs() >= endMs) return reading;
    await clock.sleep(BETWEEN_MS, signal);
  }
}

const TOO_FEW = "too few requests";

async function readOnce(question: GoldenQuestion): Promise<GoldenReading> {
  const { clock, window, cspBaselinePerMinute } = question;
  const warnings = new Set<string>();
  const source = prometheusSource({
    url: question.prometheus,
    allowedHosts: question.allowedHosts,
    onWarning: (warning) => void warnings.add(`Prometheus warns: ${warning.slice(0, LONGEST_REASON)}`),
  });
  const atMs = clock.nowMs();
  const ask = (query: string) => askNumber(source, query, atMs, question.signal);
  const [requests, staleness, ...answers] = await Promise.all([
    ask(`sum(increase(${REQUESTS_RANGE}[${window}]))`),
    ask(`quantile_over_time(0.95, max(feed_staleness_seconds)[${window}:${stepOf(window)}])`),
    ...GOLDEN_SIGNALS.map((signal) => ask(queryOver(signal, window))),
  ]);
  const signals = GOLDEN_SIGNALS.map((signal, index) =>
    judged(signal, answers[index] ?? NOT_ASKED, { ...question, requests: requests.value }),
  );
  return {
    ...{ source: source.address, window, atMs, cspBaselinePerMinute, requests: requests.value },
    signals: warnings.size === 0 ? signals : signals.map((each) => doubted(each, [...warnings][0] ?? "")),
    stalenessSecondsP95: staleness.value,
    warnings: [...warnings],
  };
}

const NOT_ASKED: NumberOrWhy = { value: null, why: "not asked" };

function stepOf(window: string): string {
  return parseDurationMs(window) < LONG_WINDOW_MS ? STALENESS_STEP.short : STALENESS_STEP.long;
}

function judged(
  signal: GoldenSignal,
  { value, why }: NumberOrWhy,
  question: Pick<GoldenQuestion, "window" | "cspBaselinePerMinute" | "leastRequests"> & {
    readonly requests: number | null;
  },
): SignalReading {
  const { window, cspBaselinePerMinute, leastRequests, requests } = question;
  const base = { signal, query: queryOver(signal, window) };
  if (value === null) return { ...base, value, standing: "unknown", why };
  const impossible = whyImpossible(signal.quantity, value);
  if (impossible !== null) return { ...base, value, standing: "unknown", why: impossible };
  const kept = keepsLimit(signal, value, cspBaselinePerMinute);
  if (kept === null) {
    return { ...base, value, standing: "unknown", why: "the baseline before the release is not known" };
  }
  // A limit that is broken by few requests is broken; one that is kept by few says nothing.
  if (kept && OF_REQUESTS.has(signal.id) && (requests ?? 0) < leastRequests) {
    const counted = requests === null ? "none counted" : Math.floor(requests);
    return {
      ...base,
      ...{ value, standing: "unknown", why: `${TOO_FEW}: ${counted}, at least ${leastRequests} are needed` },
    };
  }
  return kept
    ? { ...base, value, standing: "within", why: "" }
    : { ...base, value, standing: "over", why: "its limit is exceeded" };
}

/** A source that warns may have answered from a part of the data: what is within its limit may not be. */
function doubted(reading: SignalReading, warning: string): SignalReading {
  return reading.standing === "within" ? { ...reading, standing: "unknown", why: warning } : reading;
}
