import type { OrderType } from "../../market/matching/order.ts";

/** The parameters that one of the venue's order types requires. */
export interface OrderForm {
  /** How it trades once it is triggered. */
  readonly type: OrderType;
  /** The direction of the price that triggers it: against the order's owner, or in the owner's favor. */
  readonly trigger?: "stop-loss" | "take-profit";
  /** Whether `timeInForce` must be sent; otherwise it must be absent. */
  readonly hasTimeInForce: boolean;
  /** Whether it can be an iceberg. */
  readonly mayBeIceberg: boolean;
  /** The detail of the answer when the request does not choose one. */
  readonly response: "ACK" | "FULL";
}

/** The venue's order types (reference: Binance Spot API docs, "New order"). */
const ORDER_FORMS: ReadonlyMap<string, OrderForm> = new Map(
  Object.entries<OrderForm>({
    LIMIT: { type: "limit", hasTimeInForce: true, mayBeIceberg: true, response: "FULL" },
    LIMIT_MAKER: { type: "limit-maker", hasTimeInForce: false, mayBeIceberg: true, response: "ACK" },
    MARKET: { type: "market", hasTimeInForce: false, mayBeIceberg: false, response: "FULL" },
    STOP_LOSS: waiting("market", "stop-loss"),
    STOP_LOSS_LIMIT: waiting("limit", "stop-loss"),
    TAKE_PROFIT: waiting("market", "take-profit"),
    TAKE_PROFIT_LIMIT: waiting("limit", "take-profit"),
  }),
);

/** The names of the order types. */
export const ORDER_TYPE_NAMES: readonly string[] = [...ORDER_FORMS.keys()];

/** The form of an order type, if the venue has it. */
export function orderFormOf(name: string): OrderForm | undefined {
  return ORDER_FORMS.get(name);
}

function waiting(type: "market" | "limit", trigger: "stop-loss" | "take-profit"): OrderForm {
  const isLimit = type === "limit";
  return { type, trigger, hasTimeInForce: isLimit, mayBeIceberg: isLimit, response: "ACK" };
}
