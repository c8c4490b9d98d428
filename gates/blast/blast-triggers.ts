import { formatDuration } from "../../core/index.ts";
import {
  type AlertingRule,
  type PrometheusRule,
  type PrometheusSource,
  sameExpression,
} from "../../signals/index.ts";
import type { BlastCheck } from "./blast-check.ts";
import { checksOf, lineOf } from "./blast-signals.ts";

const ROLLBACK_SEVERITY = "rollback";
/** The suffix of a rule that fires when another rule has no data; docs/add-a-trigger.md defines it. */
const BLIND = /Absent$/;
/** A rule that was not evaluated for this many intervals is not being watched. */
const MISSED_INTERVALS = 4;
const EXPECTED = `no alert of severity ${ROLLBACK_SEVERITY} fires, and each such alert is evaluated`;
const LONGEST_ERROR = 200;

/**
 * Checks whether a rollback trigger fires in a Prometheus. That none fires is evidence only when the triggers
 * are loaded with the right expressions, were evaluated recently and without errors, and have data.
 */
export async function checkTriggers(
  source: PrometheusSource,
  required: readonly AlertingRule[],
  signal: AbortSignal,
): Promise<readonly BlastCheck[]> {
  try {
    const [alerts, rules, nowMs] = await Promise.all([
      source.alerts(signal),
      source.rules(signal),
      source.nowMs(signal),
    ]);
    const firing = alerts.filter(({ state }) => state === "firing").map(({ labels }) => labels);
    const fired = firing
      .filter(({ severity }) => severity === ROLLBACK_SEVERITY)
      .map(({ alertname }) => alertname ?? "an alert without a name");
    if (fired.length > 0) {
      const received = [...new Set(fired)].join(", ");
      return [{ name: "triggers", verdict: "fail", expected: EXPECTED, received }];
    }
    const siblings = required.filter((rule) => !isTrigger(rule) && BLIND.test(rule.name));
    const blind = siblings.filter(({ name }) => firing.some(({ alertname }) => alertname === name));
    const problems = [
      ...triggerProblems(required.filter(isTrigger), rules, nowMs),
      ...named("without data, according to these alerts", blind),
    ];
    return checksOf("triggers", EXPECTED, "none fires", problems);
  } catch (error) {
    return checksOf("triggers", EXPECTED, "", [lineOf(error, signal)]);
  }
}

/** Returns why it proves nothing that the required triggers do not fire, one line for each reason. */
function triggerProblems(
  triggers: readonly AlertingRule[],
  loaded: readonly PrometheusRule[],
  nowMs: number,
): readonly string[] {
  const found = triggers.map((trigger) => ({
    trigger,
    rules: loaded.filter(({ name }) => name === trigger.name),
  }));
  const present = found.filter(({ rules }) => rules.length > 0);
  /** If several rules have the same name, one of them has to be right. */
  const wrong = (isRight: (rule: PrometheusRule, trigger: AlertingRule) => boolean) =>
    present.filter(({ trigger, rules }) => !rules.some((rule) => isRight(rule, trigger)));
  const names = (list: typeof found) => list.map(({ trigger }) => trigger);
  const failing = wrong(({ health }) => health !== "err");
  const errors = new Set(
    failing.flatMap(({ rules }) => rules.map(({ lastError }) => lastError.slice(0, LONGEST_ERROR))),
  );
  const late = wrong((rule) => rule.health === "unknown" || !isLate(rule, nowMs));
  return [
    ...(triggers.length === 0 ? ["no trigger to check: no rule has the severity rollback"] : []),
    ...named("not loaded", names(found.filter(({ rules }) => rules.length === 0))),
    ...named(
      "loaded with another expression",
      names(wrong((rule, { text }) => sameExpression(rule.expression, text))),
    ),
    ...named("loaded with another `for`", names(wrong((rule, { forMs }) => rule.forMs === forMs))),
    ...named(
      `loaded with another severity than ${ROLLBACK_SEVERITY}`,
      names(wrong(({ labels }) => labels.severity === ROLLBACK_SEVERITY)),
    ),
    ...named("never evaluated", names(wrong(({ health }) => health !== "unknown"))),
    ...named(`failing (${[...errors].join("; ")})`, names(failing)),
    ...named(`not evaluated for ${formatDuration(oldestMs(late, nowMs))}`, names(late)),
  ];
}

function isTrigger({ labels }: AlertingRule): boolean {
  return labels.severity?.text === ROLLBACK_SEVERITY;
}

function isLate({ evaluatedAtMs, intervalMs }: PrometheusRule, nowMs: number): boolean {
  return nowMs - evaluatedAtMs > MISSED_INTERVALS * intervalMs;
}

function oldestMs(late: readonly { readonly rules: readonly PrometheusRule[] }[], nowMs: number): number {
  return Math.max(0, ...late.flatMap(({ rules }) => rules.map(({ evaluatedAtMs }) => nowMs - evaluatedAtMs)));
}

/** One line for all rules with the same problem; no line without rules. */
function named(what: string, rules: readonly AlertingRule[]): readonly string[] {
  return rules.length === 0 ? [] : [`${what}: ${rules.map(({ name }) => name).join(", ")}`];
}
