import { counted } from "../../core/index.ts";
import type { OrderRecord, ScenarioRecord } from "../../evidence/index.ts";

type OrderProblem = readonly [
  is: (order: OrderRecord) => boolean,
  text: (orders: string, isOne: boolean) => string,
];

/** The possible problems of an order, worst first; each order is counted once. */
const PROBLEMS: readonly OrderProblem[] = [
  [
    ({ venueOrders }) => venueOrders.length > 1,
    (orders, isOne) => `${orders} ${were(isOne)} placed more than once`,
  ],
  [
    ({ platform, venueOrders }) => platform === null && venueOrders.length > 0,
    (orders, isOne) => `${orders} at a venue ${isOne ? "is" : "are"} missing in the platform's books`,
  ],
  [
    ({ venueOrders }) => venueOrders.length === 0,
    (orders, isOne) => `${orders} ${were(isOne)} booked as executed but never reached a venue`,
  ],
  [
    () => true,
    (orders, isOne) => `${orders} ${isOne ? "has" : "have"} other executions in the books than at the venue`,
  ],
];

const were = (isOne: boolean): string => (isOne ? "was" : "were");

/**
 * Describes the problems of orders: `31 orders were placed more than once, under silence on binance-rest`.
 * Null when books and venues agree on every order.
 */
export function orderStory({ orders, faults }: ScenarioRecord): string | null {
  const counts = new Map<OrderProblem, number>();
  for (const order of orders.listed.filter(({ standing }) => standing === "differs")) {
    const problem = PROBLEMS.find(([is]) => is(order));
    if (problem !== undefined) counts.set(problem, (counts.get(problem) ?? 0) + 1);
  }
  const clauses = PROBLEMS.flatMap((problem) => {
    const count = counts.get(problem);
    return count === undefined ? [] : [problem[1](counted(count, "order"), count === 1)];
  });
  if (clauses.length === 0) return null;
  const labels = [...new Set(faults.map(({ label }) => label))];
  return `${clauses.join(", and ")}${labels.length === 0 ? "" : `, under ${labels.join(" and ")}`}`;
}
