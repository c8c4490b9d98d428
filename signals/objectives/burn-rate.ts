import { UsageError } from "../../core/index.ts";
import type { Objective } from "./objective.ts";

/**
 * One alert on the speed at which an error budget is spent: a `factor` of 1 spends exactly the whole budget
 * within the objective's window. Both windows must exceed it: the long one shows that the loss is
 * significant, the short one that it continues.
 */
export interface BurnWindow {
  readonly long: string;
  readonly short: string;
  readonly factor: number;
  readonly severity: "page" | "ticket";
}

/** The windows of the Site Reliability Workbook (chapter 5) for 30 days. */
export const BURN_WINDOWS: readonly BurnWindow[] = [
  { long: "1h", short: "5m", factor: 14.4, severity: "page" },
  { long: "6h", short: "30m", factor: 6, severity: "page" },
  { long: "1d", short: "2h", factor: 3, severity: "ticket" },
  { long: "3d", short: "6h", factor: 1, severity: "ticket" },
];

/** The share of bad requests that the objective allows. */
export function allowedShare({ target }: Objective): number {
  // Rounded to the decimals of the target: 1 - 0.99 is 0.010000000000000009 in binary.
  return Number((1 - target).toPrecision(12));
}

/**
 * The share of bad requests above which the window's alert fires.
 *
 * @throws UsageError `unreachable-burn-rate` when even a complete outage does not reach it:
 *   such an alert never fires.
 */
export function burningShare(objective: Objective, { factor, long }: BurnWindow): number {
  const share = Number((factor * allowedShare(objective)).toPrecision(12));
  if (share < 1) return share;
  throw new UsageError({
    code: "unreachable-burn-rate",
    message:
      `Expected a burn rate that an outage reaches, got ${factor} over ${long} for ${objective.id} ` +
      `(${objective.target}): it needs ${(share * 100).toFixed(0)} % of requests to be bad.`,
    nextStep: `Choose a factor below ${(1 / allowedShare(objective)).toFixed(2)}, or another target.`,
  });
}

/**
 * The condition of the window's alert, as PromQL.
 *
 * @throws UsageError `unreachable-burn-rate`
 */
export function burnExpression(objective: Objective, window: BurnWindow): string {
  const share = burningShare(objective, window);
  return [window.long, window.short]
    .map((range) => `(${objective.badShare(range)}) > ${share}`)
    .join("\nand\n");
}

/** The remaining share of the error budget, as PromQL: 1 when none is spent, below 0 when it is overdrawn. */
export function budgetLeftExpression(objective: Objective): string {
  return `1 - (${objective.badShare(`${objective.windowDays}d`)}) / ${allowedShare(objective)}`;
}
