import { whyImpossible } from "../../core/index.ts";
import type { CheckRecord } from "../../evidence/index.ts";
import type { Condition } from "../../signals/index.ts";
import type { MetricsPages, MetricValue } from "../observation/measured.ts";
import { check, type Finding } from "./check.ts";

/** Whether an event occurred without which the experiment proves nothing. */
export function judgeOccurrence(name: string, measured: MetricValue): CheckRecord {
  return check({ kind: "fault", name, basis: "count", expected: "happens at least once" }, () => {
    if (measured.kind !== "measured") return unmeasured(measured);
    const { value, samples } = measured;
    const impossible = whyImpossible("amount", value);
    if (impossible !== null)
      return { verdict: "inconclusive", received: impossible, judgedBy: readOf(samples) };
    const received = `${Number(value.toFixed(2))} times`;
    return { verdict: value > 0 ? "pass" : "inconclusive", received, judgedBy: readOf(samples) };
  });
}

/** Whether a query over the platform's metrics stayed within its bound. */
export function judgeCondition(
  { name, limit, quantity, basis }: Condition,
  measured: MetricValue,
): CheckRecord {
  const bound =
    "atMost" in limit
      ? { expected: `at most ${limit.atMost}`, holds: (value: number) => value <= limit.atMost }
      : { expected: `at least ${limit.atLeast}`, holds: (value: number) => value >= limit.atLeast };
  // Mostly of the basis `schedule`: the runner itself collects the metrics, and collects none while it does not run.
  return check({ kind: "invariant", name, basis, expected: bound.expected }, () => {
    if (measured.kind !== "measured") return unmeasured(measured);
    const { value, samples } = measured;
    const impossible = whyImpossible(quantity, value);
    if (impossible !== null)
      return { verdict: "inconclusive", received: impossible, judgedBy: readOf(samples) };
    const received = `${Number(value.toFixed(2))}`;
    return { verdict: bound.holds(value) ? "pass" : "fail", received, judgedBy: readOf(samples) };
  });
}

const SHOWN_PROBLEMS = 3;

/** Whether the metrics that rules and conditions read had possible values. Results of impossible ones prove nothing. */
export function judgeMetricsPage({ pages, problems, refused }: MetricsPages): CheckRecord {
  const expected = "possible values of every metric that is judged";
  return check({ kind: "harness", name: "metrics", basis: "count", expected }, () => {
    const judgedBy = { count: pages, noun: "page" };
    const left = problems.length - SHOWN_PROBLEMS;
    const more = left > 0 ? [`and ${left} more`] : [];
    const received = [...problems.slice(0, SHOWN_PROBLEMS), ...more, ...refused].join("; ");
    if (problems.length > 0) return { verdict: "inconclusive", received, judgedBy };
    return { verdict: "pass", received: received || "nothing impossible", judgedBy };
  });
}

function unmeasured(measured: Exclude<MetricValue, { readonly kind: "measured" }>): Finding {
  const received = measured.kind === "no-data" ? "no data" : `it could not be evaluated: ${measured.why}`;
  return { verdict: "inconclusive", received, judgedBy: readOf(0) };
}

function readOf(samples: number): Finding["judgedBy"] {
  return { count: samples, noun: "sample" };
}
