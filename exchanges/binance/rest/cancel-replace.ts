import { BinanceError, binanceError } from "../binance-error.ts";
import { placedView } from "../order-view.ts";
import type { BinanceContext, Endpoint, EndpointResult } from "./context.ts";
import { cancelOrder, placeOrder, readOrder, wantedOrder } from "./orders.ts";
import type { Parameters } from "./parameters.ts";

const MODES = ["STOP_ON_FAILURE", "ALLOW_FAILURE"] as const;
const EXCEEDED_MODES = ["DO_NOTHING", "CANCEL_ONLY"] as const;

/** Cancels an order and places another in one request. */
export const CANCEL_REPLACE_ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  "POST /api/v3/order/cancelReplace": {
    access: "signed",
    weight: () => 1,
    refundsWeight: true,
    answer: cancelReplace,
  },
};

/** The result of one half of the request. */
type Half = { readonly result: "SUCCESS" | "FAILURE" | "NOT_ATTEMPTED"; readonly response: unknown };

const NOT_ATTEMPTED: Half = { result: "NOT_ATTEMPTED", response: null };

/**
 * The new order's form, filters and count are checked first. When the cancellation fails, `STOP_ON_FAILURE`
 * prevents the new order.
 *
 * @throws BinanceError -2021 (409) when one half failed, -2022 when both failed or the second was not
 *   attempted.
 */
function cancelReplace(context: BinanceContext, parameters: Parameters): EndpointResult {
  if (parameters.optional("cancelReplaceMode") === undefined) throw binanceError.missing("cancelReplaceMode");
  const mode = parameters.oneOf("cancelReplaceMode", MODES);
  const exceededMode = parameters.oneOf("orderRateLimitExceededMode", EXCEEDED_MODES) ?? "DO_NOTHING";
  const old = wantedOrder(context, parameters, "cancelOrderId", "cancelOrigClientOrderId");
  const wanted = readOrder(context, parameters);
  if (exceededMode === "DO_NOTHING") context.limits.checkOrders();
  const canceled = attempt(() => cancelOrder(context, old, parameters, "cancelNewClientOrderId"));
  const isLeftOut = canceled.result === "FAILURE" && mode === "STOP_ON_FAILURE";
  // The venue counts a new order that it does not attempt as an unfilled order.
  if (isLeftOut) context.limits.countOrder();
  const placed = isLeftOut
    ? NOT_ATTEMPTED
    : attempt(() => placedView(placeOrder(context, wanted), wanted.responseType));
  const body = {
    cancelResult: canceled.result,
    newOrderResult: placed.result,
    cancelResponse: canceled.response,
    newOrderResponse: placed.response,
  };
  const successes = [canceled, placed].filter(({ result }) => result === "SUCCESS").length;
  if (successes === 2) return { kind: "body", body, headers: context.limits.orderHeaders() };
  throw successes === 1
    ? binanceError.cancelReplacePartlyFailed(body)
    : binanceError.cancelReplaceFailed(body);
}

function attempt(half: () => unknown): Half {
  try {
    return { result: "SUCCESS", response: half() };
  } catch (cause) {
    if (cause instanceof BinanceError) return { result: "FAILURE", response: cause.body };
    throw cause;
  }
}
