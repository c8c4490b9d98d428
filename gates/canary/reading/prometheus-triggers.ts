import { KanitError } from "../../../core/index.ts";
import type { CanaryTriggerRecord } from "../../../evidence/index.ts";
import {
  type AlertingRule,
  alertsOf,
  type PrometheusRule,
  prometheusSource,
  type RuleGroup,
  sameExpression,
} from "../../../signals/index.ts";
import type { ArmSource } from "../arm.ts";
import type { WatchedTriggers } from "./watched-triggers.ts";

const ROLLBACK = "rollback";
/** The suffix of a rule that fires when another rule has no data. */
const BLIND = "Absent";
/** A rule that was not evaluated for so many intervals is not watched. */
const MISSED_INTERVALS = 4;

/**
 * Asks a Prometheus for the state of each trigger. One that is not loaded there as it is written, was not evaluated
 * lately, failed, or whose `…Absent` sibling fires, has no data.
 */
export function prometheusTriggers(options: {
  readonly source: Extract<ArmSource, { readonly kind: "prometheus" }>;
  readonly groups: readonly RuleGroup[];
  readonly allowedHosts: readonly string[];
  readonly timeoutMs: number;
}): WatchedTriggers {
  const { source, groups, allowedHosts, timeoutMs: deadlineMs } = options;
  const wanted = alertsOf(groups).filter(({ labels }) => labels.severity?.text === ROLLBACK);
  const prometheus = prometheusSource({ url: source.url.href, allowedHosts, deadlineMs });
  const firedAt = new Map<string, string>();
  return {
    async states(signal) {
      try {
        const [alerts, rules, nowMs] = await Promise.all([
          prometheus.alerts(signal),
          prometheus.rules(signal),
          prometheus.nowMs(signal),
        ]);
        const named = (state: string) =>
          new Set(alerts.filter((alert) => alert.state === state).map(({ labels }) => labels.alertname));
        const [firing, pending] = [named("firing"), named("pending")];
        return wanted.map((rule): CanaryTriggerRecord => {
          const { name } = rule;
          if (firing.has(name) && !firedAt.has(name)) firedAt.set(name, new Date(nowMs).toISOString());
          const at = firedAt.get(name);
          if (at !== undefined) return { name, state: "firing", firedAt: at };
          const isBlind = !isWatched(rule, rules, nowMs) || firing.has(`${name}${BLIND}`);
          return {
            name,
            state: isBlind ? "no-data" : pending.has(name) ? "pending" : "inactive",
            firedAt: null,
          };
        });
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof KanitError)) throw error;
        return wanted.map(({ name }) => {
          const at = firedAt.get(name) ?? null;
          return { name, state: at === null ? "no-data" : "firing", firedAt: at };
        });
      }
    },
    // Its history is not ours.
    forget: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function isWatched(
  { name, text, forMs }: AlertingRule,
  rules: readonly PrometheusRule[],
  nowMs: number,
): boolean {
  return rules.some(
    (rule) =>
      rule.name === name &&
      sameExpression(rule.expression, text) &&
      rule.forMs === forMs &&
      rule.health === "ok" &&
      nowMs - rule.evaluatedAtMs <= MISSED_INTERVALS * rule.intervalMs,
  );
}
