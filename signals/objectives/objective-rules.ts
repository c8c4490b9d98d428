import { BURN_WINDOWS, budgetLeftExpression, burnExpression, burningShare } from "./burn-rate.ts";
import { OBJECTIVES, type Objective } from "./objective.ts";

/** Below this remaining share of a budget, only releases that are fixes may continue. */
const FREEZE_BELOW = 0.1;

/**
 * The groups of the objectives' rules, as in a Prometheus rule file.
 *
 * @throws UsageError `unreachable-burn-rate`
 */
export function objectiveGroups(objectives: readonly Objective[] = OBJECTIVES) {
  return objectives.map((objective) => ({
    name: `objective-${objective.id}`,
    interval: "30s",
    rules: [
      { record: `objective:${objective.id}:budget_left`, expr: budgetLeftExpression(objective) },
      ...BURN_WINDOWS.map((window) => burnAlert(objective, window)),
      freezeAlert(objective),
      blindAlert(objective),
    ],
  }));
}

function burnAlert(objective: Objective, window: (typeof BURN_WINDOWS)[number]) {
  const { id, title, target, goldenSignal } = objective;
  const percent = (burningShare(objective, window) * 100).toFixed(2);
  return {
    alert: `${pascal(id)}BudgetBurns${window.long}`,
    expr: burnExpression(objective, window),
    labels: { severity: window.severity, golden_signal: goldenSignal },
    annotations: {
      summary: `{{ $value | humanizePercentage }} of requests miss "${title}": ${window.factor} times as many as allowed`,
      description: `More than ${percent} % over ${window.long} and over ${window.short}; the objective is ${target * 100} %.`,
      runbook_url: `https://runbooks.spark.example/budget-burns`,
    },
  };
}

function freezeAlert({ id, title, goldenSignal }: Objective) {
  return {
    alert: `${pascal(id)}BudgetLow`,
    expr: `objective:${id}:budget_left < ${FREEZE_BELOW}`,
    labels: { severity: "ticket", golden_signal: goldenSignal },
    annotations: {
      summary: `{{ $value | humanizePercentage }} of the error budget of "${title}" is left`,
      description: `Below ${FREEZE_BELOW * 100} %: release only security fixes and fixes of the highest priority.`,
      runbook_url: `https://runbooks.spark.example/release-freeze`,
    },
  };
}

function blindAlert(objective: Objective) {
  return {
    alert: `${pascal(objective.id)}BudgetAbsent`,
    expr: `absent(${objective.badShare("5m")})`,
    for: "5m",
    labels: { severity: "ticket", golden_signal: objective.goldenSignal },
    annotations: {
      summary: `No data: the alerts of "${objective.title}" have no data`,
      description: "The share of bad requests has had no value for 5 minutes.",
      runbook_url: "https://runbooks.spark.example/blind-trigger",
    },
  };
}

function pascal(id: string): string {
  return id.replace(/(^|[-_])([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase());
}
