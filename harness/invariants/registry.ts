import { acceptedOrdersAccounted } from "./accepted-orders-accounted.ts";
import { answersHold } from "./answers-hold.ts";
import { balancesAgree } from "./balances-agree.ts";
import { cancellationsHold } from "./cancellations-hold.ts";
import { eventsAgree } from "./events-agree.ts";
import { fillsAgree } from "./fills-agree.ts";
import type { Invariant } from "./invariant.ts";
import { metricsAgree } from "./metrics-agree.ts";
import { noDuplicateOrders } from "./no-duplicate-orders.ts";
import { oneOrderPerKey } from "./one-order-per-key.ts";
import { ordersAsAsked } from "./orders-as-asked.ts";
import { positionsAgree } from "./positions-agree.ts";
import { quotesAgree } from "./quotes-agree.ts";
import { refusalsStand } from "./refusals-stand.ts";
import { shownAsBooked } from "./shown-as-booked.ts";

/** Every invariant by its name. To add one, add a file and a line here. */
export const INVARIANTS = {
  "no-duplicate-orders": noDuplicateOrders,
  "one-order-per-key": oneOrderPerKey,
  "orders-as-asked": ordersAsAsked,
  "accepted-orders-accounted": acceptedOrdersAccounted,
  "answers-hold": answersHold,
  "cancellations-hold": cancellationsHold,
  "fills-agree": fillsAgree,
  "balances-agree": balancesAgree,
  "positions-agree": positionsAgree,
  "events-agree": eventsAgree,
  "shown-as-booked": shownAsBooked,
  "refusals-stand": refusalsStand,
  "quotes-agree": quotesAgree,
  "metrics-agree": metricsAgree,
} as const satisfies Record<string, Invariant>;

export type InvariantName = keyof typeof INVARIANTS;

/** All of them, in the order in which reports list them. */
export const ALL_INVARIANTS = Object.keys(INVARIANTS) as readonly InvariantName[];
