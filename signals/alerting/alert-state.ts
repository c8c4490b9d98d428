import { KanitError, UsageError } from "../../core/index.ts";
import { Labels } from "../labels.ts";
import type { VectorSample } from "../promql/value.ts";
import type { AlertingRule, Templates } from "./rule.ts";
import type { Template, TemplateData } from "./template.ts";
import type { External, TemplateWorld } from "./template-values.ts";

/** A pending or firing alert. */
export interface ActiveAlert {
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: "pending" | "firing";
  readonly value: number;
  /** Since when the condition has held. */
  readonly activeAtMs: number;
  readonly firedAtMs: number | undefined;
  /** Since when a firing alert continues without its condition (`keep_firing_for`). */
  readonly keptSinceMs: number | undefined;
}

/**
 * The alerts of one rule across evaluations: Prometheus's state machine. An alert is one element of the
 * expression's result; it is pending from its first appearance, fires once it has been there for `for`, and
 * ends when it is gone (after `keep_firing_for`, if it was firing).
 */
export class AlertState {
  readonly #rule: AlertingRule;
  readonly #external: External;
  #active = new Map<string, ActiveAlert>();

  constructor(rule: AlertingRule, external: External) {
    this.#rule = rule;
    this.#external = external;
  }

  /**
   * Applies the expression's result at a moment and returns the active alerts.
   *
   * @param limit how many may be active; beyond it all of them are dropped, as in Prometheus.
   * @throws UsageError `duplicate-alert` when two elements get the same labels,
   *   `rule-limit` beyond the limit.
   */
  update(
    samples: readonly VectorSample[],
    atMs: number,
    limit: number | null,
    query: TemplateWorld["query"],
  ): readonly ActiveAlert[] {
    const next = new Map<string, ActiveAlert>();
    for (const sample of samples) {
      const data = {
        labels: sample.labels,
        value: sample.value,
        query,
        atMs,
        external: this.#external,
      };
      const labels = alertLabels(this.#rule, data);
      if (next.has(labels.key)) throw duplicateAlert(this.#rule, labels);
      next.set(labels.key, this.#seen(labels, data, atMs));
    }
    for (const [key, alert] of this.#active) {
      if (next.has(key)) continue;
      const kept = this.#kept(alert, atMs);
      if (kept !== undefined) next.set(key, kept);
    }
    this.#active = next;
    if (limit !== null && next.size > limit) {
      this.#active = new Map();
      throw beyondLimit(this.#rule.name, limit, `${next.size} alerts`);
    }
    return [...next.values()];
  }

  #seen(labels: Labels, data: TemplateData, atMs: number): ActiveAlert {
    const known = this.#active.get(labels.key);
    const activeAtMs = known?.activeAtMs ?? atMs;
    const isFiring = known?.state === "firing" || atMs - activeAtMs >= this.#rule.forMs;
    return {
      labels,
      annotations: fillAll(this.#rule.annotations, data),
      state: isFiring ? "firing" : "pending",
      value: data.value,
      activeAtMs,
      firedAtMs: isFiring ? (known?.firedAtMs ?? atMs) : undefined,
      keptSinceMs: undefined,
    };
  }

  #kept(alert: ActiveAlert, atMs: number): ActiveAlert | undefined {
    if (alert.state !== "firing" || this.#rule.keepFiringForMs === 0) return undefined;
    const keptSinceMs = alert.keptSinceMs ?? atMs;
    return atMs - keptSinceMs < this.#rule.keepFiringForMs ? { ...alert, keptSinceMs } : undefined;
  }
}

/** A rule returned more elements than its group allows. */
export function beyondLimit(rule: string, limit: number, got: string): UsageError {
  return new UsageError({
    code: "rule-limit",
    message: `Expected ${rule} to return at most its group's limit of ${limit}, got ${got}.`,
    nextStep: "Aggregate in the expression, or raise the group's limit.",
  });
}

function alertLabels(rule: AlertingRule, data: TemplateData): Labels {
  const own = fillAll(rule.labels, data);
  return Labels.fromEntries([
    ...data.labels.withoutMetricName().entries(),
    ...Object.entries(own),
    ["alertname", rule.name],
  ]);
}

function fillAll(templates: Templates, data: TemplateData): Record<string, string> {
  return Object.fromEntries(
    Object.entries(templates).map(([name, template]) => [name, fillOrExplain(template, data)]),
  );
}

/** A broken template must not lose the alert: the error replaces the text, as in Prometheus. */
function fillOrExplain(template: Template, data: TemplateData): string {
  try {
    return template.fill(data);
  } catch (error) {
    if (!(error instanceof KanitError)) throw error;
    return `<error expanding template: ${error.message}>`;
  }
}

function duplicateAlert(rule: AlertingRule, labels: Labels): UsageError {
  return new UsageError({
    code: "duplicate-alert",
    message: `Expected distinct labels for each alert of ${rule.name}, got ${labels} twice.`,
    nextStep: "Aggregate in the expression, or do not overwrite the label that distinguishes the alerts.",
  });
}
