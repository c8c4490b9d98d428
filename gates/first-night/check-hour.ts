import { type Clock, KanitError, mergeVerdicts } from "../../core/index.ts";
import { requestHttp } from "../../network/index.ts";
import {
  type AlertingRule,
  describeLimit,
  type PrometheusSource,
  prometheusSource,
} from "../../signals/index.ts";
import { checkTriggers } from "../blast/blast-triggers.ts";
import type { Target } from "../engine/target.ts";
import { cspBaseline } from "../golden/csp-baseline.ts";
import { readGoldenSignals } from "../golden/read-golden-signals.ts";
import { readBurnRates } from "./burn-rates.ts";
import type { HourRecord } from "./hour-log.ts";

const WINDOW = "1h";
const FIRED = `max by (alertname) (max_over_time(ALERTS{alertstate="firing",severity="rollback"}[${WINDOW}]))`;
const LEAST_REQUESTS = 299;
const LONGEST_REASON = 300;

/** What the check of an hour finds; when and where it belongs is added by whoever keeps the night. */
export type HourFinding = Pick<
  HourRecord,
  "verdict" | "problems" | "missing" | "requests" | "signals" | "burns" | "budgets"
>;

/** What the check of an hour needs. */
export interface HourOptions {
  readonly target: Target;
  readonly rules: readonly AlertingRule[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Checks the last hour: golden signals, triggers, burn rates, budgets, health. What cannot be had is missing. */
export async function checkHour(options: HourOptions): Promise<HourFinding> {
  const { target, signal } = options;
  const { prometheus } = target.parts;
  const [health, measured] = await Promise.all([
    readHealth(options),
    prometheus === null ? NOT_MEASURED : measuredAt(prometheus.url, options),
  ]);
  signal.throwIfAborted();
  const problems = [...measured.problems, ...health.problems];
  const missing = [...measured.missing, ...health.missing];
  return {
    ...measured,
    ...{ problems, missing },
    verdict: mergeVerdicts([
      "pass",
      ...problems.map(() => "fail" as const),
      ...missing.map(() => "inconclusive" as const),
    ]),
  };
}

/** An hour of which nothing could be found out. */
export function unknownHour(why: string): HourFinding {
  return { ...NOT_MEASURED, missing: [why], verdict: "inconclusive" };
}

const NOT_MEASURED: Omit<HourFinding, "verdict"> = {
  ...{ problems: [], missing: ["metrics: the target names no Prometheus"] },
  ...{ requests: null, signals: [], burns: [], budgets: [] },
};

async function measuredAt(
  prometheus: string,
  { target, rules, clock, signal }: HourOptions,
): Promise<Omit<HourFinding, "verdict">> {
  const { allowedHosts, release, parts } = target;
  const source = prometheusSource({ url: prometheus, allowedHosts });
  const [golden, triggers, fired, { burns, budgets }] = await Promise.all([
    readGoldenSignals({
      ...{
        prometheus,
        allowedHosts,
        window: WINDOW,
        leastRequests: LEAST_REQUESTS,
        patienceMs: 0,
        clock,
        signal,
      },
      cspBaselinePerMinute: parts.evidence === null ? null : await cspBaseline(parts.evidence, release),
    }),
    checkTriggers(source, rules, signal),
    firedWithin(source, clock.nowMs(), signal),
    readBurnRates(source, clock.nowMs(), signal),
  ]);
  return {
    requests: golden.requests,
    signals: golden.signals.map(({ signal: { id, ...rest }, value, standing }) => ({
      // JSON has no infinity.
      ...{ id, value: value !== null && Number.isFinite(value) ? value : null, standing },
      limit: describeLimit(rest),
    })),
    burns: burns.map(({ why: _, ...burn }) => burn),
    budgets: budgets.map(({ objective, left }) => ({ objective, left })),
    problems: [
      ...golden.signals
        .filter(({ standing }) => standing === "over")
        .map(({ signal: each, value }) => `${each.id}: ${value}, expected ${describeLimit(each)}`),
      ...triggers
        .filter(({ verdict }) => verdict === "fail")
        .map(({ received }) => `trigger fires: ${received}`),
      ...fired.names.map((name) => `trigger fired within the hour: ${name}`),
      ...burns
        .filter(({ standing }) => standing === "burns")
        .map(({ objective, severity, why }) => `the budget of ${objective} burns (${severity}): ${why}`),
      ...budgets
        .filter(({ isLow }) => isLow)
        .map(
          ({ objective, left }) =>
            `the budget of ${objective} is low: ${left?.toFixed(2)} is left, only fixes may go out`,
        ),
    ],
    missing: [
      ...golden.signals
        .filter(({ standing }) => standing === "unknown")
        .map(({ signal: each, why }) => `${each.id}: ${why}`),
      ...triggers
        .filter(({ verdict }) => verdict === "inconclusive")
        .map(({ received }) => `triggers: ${received}`),
      ...burns
        .filter(({ standing }) => standing === "unknown")
        .map(({ objective, window, why }) => `burn rate of ${objective} over ${window}: ${why}`),
      ...budgets
        .filter(({ left }) => left === null)
        .map(({ objective, why }) => `budget of ${objective}: ${why}`),
      ...fired.missing,
      ...golden.warnings,
    ],
  };
}

/** A trigger that fired and ended between two checks; a monitor that keeps no such series has none. */
async function firedWithin(
  source: PrometheusSource,
  atMs: number,
  signal: AbortSignal,
): Promise<{ readonly names: readonly string[]; readonly missing: readonly string[] }> {
  try {
    const answer = await source.query(FIRED, atMs, signal);
    const elements = answer.kind === "no-data" ? [] : answer.elements;
    return {
      names: elements.map(({ labels }) => labels.alertname ?? "an alert without a name"),
      missing: [],
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof KanitError)) throw error;
    return { names: [], missing: [`triggers within the hour: ${error.message}`] };
  }
}

async function readHealth({
  target,
  signal,
}: HourOptions): Promise<Pick<HourFinding, "problems" | "missing">> {
  const { health } = target.parts;
  if (health === null) return { problems: [], missing: ["health: the target names no address"] };
  try {
    const { status } = await requestHttp(health, { signal, allowedHosts: target.allowedHosts });
    return { problems: status === 200 ? [] : [`health: status ${status}, expected 200`], missing: [] };
  } catch (error) {
    signal.throwIfAborted();
    // A platform that does not answer is not healthy, whatever the reason.
    const reason = error instanceof Error ? error.message : String(error);
    return { problems: [`health: no answer: ${reason.slice(0, LONGEST_REASON)}`], missing: [] };
  }
}
