import { formatDuration } from "../../core/index.ts";
import { type AlertingRule, type PrometheusRule, sameExpression } from "../../signals/index.ts";

/** The severity of the alerts that roll a release back. */
export const ROLLBACK_SEVERITY = "rollback";
/** A rule that was not evaluated for this many intervals is not being watched. */
const MISSED_INTERVALS = 4;
const LONGEST_ERROR = 200;

/** Returns why it proves nothing that the required triggers do not fire, one line for each reason. */
export function triggerProblems(
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
    ...namedRules("not loaded", names(found.filter(({ rules }) => rules.length === 0))),
    ...namedRules(
      "loaded with another expression",
      names(wrong((rule, { text }) => sameExpression(rule.expression, text))),
    ),
    ...namedRules("loaded with another `for`", names(wrong((rule, { forMs }) => rule.forMs === forMs))),
    ...namedRules(
      `loaded with another severity than ${ROLLBACK_SEVERITY}`,
      names(wrong(({ labels }) => labels.severity === ROLLBACK_SEVERITY)),
    ),
    ...namedRules("never evaluated", names(wrong(({ health }) => health !== "unknown"))),
    ...namedRules(`failing (${[...errors].join("; ")})`, names(failing)),
    ...namedRules(`not evaluated for ${formatDuration(oldestMs(late, nowMs))}`, names(late)),
  ];
}

/** Whether an alert rolls a release back. */
export function isTrigger({ labels }: AlertingRule): boolean {
  return labels.severity?.text === ROLLBACK_SEVERITY;
}

function isLate({ evaluatedAtMs, intervalMs }: PrometheusRule, nowMs: number): boolean {
  return nowMs - evaluatedAtMs > MISSED_INTERVALS * intervalMs;
}

function oldestMs(late: readonly { readonly rules: readonly PrometheusRule[] }[], nowMs: number): number {
  return Math.max(0, ...late.flatMap(({ rules }) => rules.map(({ evaluatedAtMs }) => nowMs - evaluatedAtMs)));
}

/** One line for all rules with the same problem; no line without rules. */
export function namedRules(what: string, rules: readonly AlertingRule[]): readonly string[] {
  return rules.length === 0 ? [] : [`${what}: ${rules.map(({ name }) => name).join(", ")}`];
}
