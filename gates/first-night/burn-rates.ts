import {
  allowedShare,
  BURN_WINDOWS,
  type BurnWindow,
  budgetLeftExpression,
  burningShare,
  OBJECTIVES,
  type Objective,
  type PrometheusSource,
} from "../../signals/index.ts";
import { askNumber, type NumberOrWhy } from "../golden/ask-number.ts";

/** One error among fewer requests than this says nothing about a budget. */
const LEAST_REQUESTS = 20;
/** Below this remaining share of a budget, only fixes may be released. */
const FREEZE_BELOW = 0.1;
const REQUESTS = 'http_requests_total{route!="/metrics"}';

/** How fast an objective's error budget is spent over a pair of windows: at 1 it lasts exactly as long as it must. */
export interface BurnReading {
  readonly objective: string;
  readonly window: string;
  readonly factor: number;
  readonly severity: BurnWindow["severity"];
  readonly long: number | null;
  readonly short: number | null;
  readonly standing: "holds" | "burns" | "unknown";
  readonly why: string;
}

/** What is left of an objective's budget: 1 where none is spent, below 0 where it is overdrawn. */
export interface BudgetReading {
  readonly objective: string;
  readonly left: number | null;
  /** Whether so little is left that only fixes may be released. */
  readonly isLow: boolean;
  readonly why: string;
}

/** Reads the burn rates of each objective over each pair of windows, and what is left of its budget. */
export async function readBurnRates(
  source: PrometheusSource,
  atMs: number,
  signal: AbortSignal,
): Promise<{ readonly burns: readonly BurnReading[]; readonly budgets: readonly BudgetReading[] }> {
  const ask = (query: string) => askNumber(source, query, atMs, signal);
  const pairs = OBJECTIVES.flatMap((objective) => BURN_WINDOWS.map((window) => ({ objective, window })));
  const [burns, budgets] = await Promise.all([
    Promise.all(pairs.map(({ objective, window }) => readBurn(objective, window, ask))),
    Promise.all(OBJECTIVES.map((objective) => readBudget(objective, ask))),
  ]);
  return { burns, budgets };
}

type Ask = (query: string) => Promise<NumberOrWhy>;

async function readBurn(objective: Objective, window: BurnWindow, ask: Ask): Promise<BurnReading> {
  const { long, short, factor, severity } = window;
  const [bad, badLately, requests] = await Promise.all([
    ask(objective.badShare(long)),
    ask(objective.badShare(short)),
    ask(`sum(increase(${REQUESTS}[${short}]))`),
  ]);
  const rate = (share: number | null) => (share === null ? null : share / allowedShare(objective));
  const base = {
    ...{ objective: objective.id, window: `${long}/${short}`, factor, severity },
    ...{ long: rate(bad.value), short: rate(badLately.value) },
  };
  if (bad.value === null || badLately.value === null) {
    const [which, why] = bad.value === null ? [long, bad.why] : [short, badLately.why];
    return { ...base, standing: "unknown", why: `${which}: ${why}` };
  }
  if (requests.value === null || requests.value < LEAST_REQUESTS) {
    const count = Math.floor(requests.value ?? 0);
    return {
      ...base,
      standing: "unknown",
      why: `${count} requests in ${short}, at least ${LEAST_REQUESTS} are needed`,
    };
  }
  const limit = burningShare(objective, window);
  const burns = bad.value > limit && badLately.value > limit;
  return burns
    ? {
        ...base,
        standing: "burns",
        why: `over ${long} and ${short} more than ${factor} times as fast as it may`,
      }
    : { ...base, standing: "holds", why: "" };
}

async function readBudget(objective: Objective, ask: Ask): Promise<BudgetReading> {
  const { value, why } = await ask(budgetLeftExpression(objective));
  return { objective: objective.id, left: value, isLow: value !== null && value < FREEZE_BELOW, why };
}
