import type { AlertingRule, PrometheusSource } from "../../signals/index.ts";
import { isTrigger, namedRules, ROLLBACK_SEVERITY, triggerProblems } from "../alerting/loaded-triggers.ts";
import type { BlastCheck } from "./blast-check.ts";
import { checksOf, lineOf } from "./blast-signals.ts";

/** The suffix of a rule that fires when another rule has no data; docs/add-a-trigger.md defines it. */
const BLIND = /Absent$/;
const EXPECTED = `no alert of severity ${ROLLBACK_SEVERITY} fires, and each such alert is evaluated`;

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
      ...namedRules("without data, according to these alerts", blind),
    ];
    return checksOf("triggers", EXPECTED, "none fires", problems);
  } catch (error) {
    return checksOf("triggers", EXPECTED, "", [lineOf(error, signal)]);
  }
}
