import type { SymbolMarket } from "../../market/market.ts";
import type {
  OrderRequest,
  OrderSide,
  SelfTradeMode,
  TimeInForce,
  Trigger,
  WantedAmount,
} from "../../market/matching/order.ts";
import { multiply, type Units } from "../../market/units.ts";
import { binanceError } from "../binance-error.ts";
import { type BinanceSymbol, DEFAULT_SELF_TRADE_MODE, SELF_TRADE_MODES } from "../binance-symbols.ts";
import {
  checkIceberg,
  checkNotional,
  checkPrice,
  checkQuantity,
  checkTick,
  referencePrice,
} from "../filters.ts";
import type { ResponseType } from "../order-view.ts";
import { type OrderForm, orderFormOf } from "./order-form.ts";
import type { Parameters } from "./parameters.ts";

const CLIENT_ORDER_ID_RANGE = "^[\\.A-Z\\:/a-z0-9_-]{1,36}$";
const RESPONSE_TYPE_RANGE = "^(ACK|RESULT|FULL)$";
const SIDES: ReadonlyMap<string, OrderSide> = new Map([
  ["BUY", "buy"],
  ["SELL", "sell"],
]);
const TIMES_IN_FORCE: ReadonlyMap<string, TimeInForce> = new Map([
  ["GTC", "gtc"],
  ["IOC", "ioc"],
  ["FOK", "fok"],
]);

const PEGS = ["pegPriceType", "pegOffsetType", "pegOffsetValue"];
const LEAST_STRATEGY_TYPE = 1_000_000;

/** A new order as it was requested. Everything is checked except whether the account can pay. */
export interface NewOrder {
  readonly request: OrderRequest;
  readonly responseType: ResponseType;
}

/** The client order id, if one was sent. Throws -1100 when it is malformed. */
export function clientOrderIdOf(parameters: Parameters, name: string): string | undefined {
  return parameters.matching(name, CLIENT_ORDER_ID_RANGE);
}

/**
 * Reads a new order and checks it in the venue's order: first the form, then the filters.
 *
 * @throws BinanceError -1013, -1100, -1102, -1106, -1111, -1115, -1116, -1117, -1130 or -2010.
 */
export function readNewOrder(
  parameters: Parameters,
  symbol: BinanceSymbol,
  market: SymbolMarket,
  freshClientOrderId: () => string,
): NewOrder {
  const side = SIDES.get(parameters.mandatory("side"));
  if (side === undefined) throw binanceError.invalidSide();
  const form = orderFormOf(parameters.mandatory("type"));
  if (form === undefined) throw binanceError.invalidType();
  if (parameters.optional("trailingDelta") !== undefined) {
    throw binanceError.rejectedOrder("Trailing stop orders are not supported for this symbol.");
  }
  if (PEGS.some((name) => parameters.optional(name) !== undefined)) {
    throw binanceError.rejectedOrder("Pegged orders are not supported for this symbol.");
  }
  const clientOrderId = clientOrderIdOf(parameters, "newClientOrderId") ?? freshClientOrderId();
  const selfTrade = selfTradeModeOf(parameters);
  const terms = readTerms(parameters, form, side);
  checkFilters(terms, symbol, market);
  return {
    request: { symbol: symbol.symbol, side, clientOrderId, selfTrade, ...strategyOf(parameters), ...terms },
    responseType:
      (parameters.matching("newOrderRespType", RESPONSE_TYPE_RANGE) as ResponseType | undefined) ??
      form.response,
  };
}

/** What an owner writes on an order for itself. Throws -1100, or -1134 for a type that the venue keeps for itself. */
function strategyOf(parameters: Parameters): Pick<OrderRequest, "strategyId" | "strategyType"> {
  const strategyType = parameters.whole("strategyType");
  if (strategyType !== undefined && strategyType < LEAST_STRATEGY_TYPE) throw binanceError.badStrategyType();
  return { strategyId: parameters.whole("strategyId"), strategyType };
}

type Terms = Pick<
  OrderRequest,
  "type" | "timeInForce" | "amount" | "limitPrice" | "trigger" | "visibleQuantity"
>;

function readTerms(parameters: Parameters, form: OrderForm, side: OrderSide): Terms {
  const timeInForce = readTimeInForce(parameters, form);
  const amount = readAmount(parameters, form);
  const limitPrice = readDecimal(parameters, "price", form.type !== "market");
  const stopPrice = readDecimal(parameters, "stopPrice", form.trigger !== undefined);
  const tip = parameters.decimal("icebergQty");
  const isIceberg = tip !== undefined && tip > 0n;
  if (isIceberg && (!form.mayBeIceberg || timeInForce !== "gtc"))
    throw binanceError.notRequired("icebergQty");
  return {
    type: form.type,
    timeInForce,
    amount,
    limitPrice,
    trigger: stopPrice === undefined ? undefined : { stopPrice, when: triggerSideOf(form, side) },
    visibleQuantity: isIceberg ? tip : undefined,
  };
}

/**
 * A stop loss is triggered when the price moves against the owner, a take profit when it moves in the owner's
 * favor.
 */
function triggerSideOf({ trigger }: OrderForm, side: OrderSide): Trigger["when"] {
  return (trigger === "stop-loss") === (side === "buy") ? "rises-to" : "falls-to";
}

function readTimeInForce(parameters: Parameters, form: OrderForm): TimeInForce {
  if (!form.hasTimeInForce) {
    if (parameters.optional("timeInForce") !== undefined) throw binanceError.notRequired("timeInForce");
    return "gtc";
  }
  const timeInForce = TIMES_IN_FORCE.get(parameters.mandatory("timeInForce"));
  if (timeInForce === undefined) throw binanceError.invalidTimeInForce();
  return timeInForce;
}

/** An amount of the base asset; only a plain market order may give an amount of the quote asset instead. */
function readAmount(parameters: Parameters, form: OrderForm): WantedAmount {
  const quantity = parameters.decimal("quantity");
  const sum = parameters.decimal("quoteOrderQty");
  const mayNameSum = form.type === "market" && form.trigger === undefined;
  if (sum !== undefined && (!mayNameSum || quantity !== undefined)) {
    throw binanceError.notRequired("quoteOrderQty");
  }
  if (quantity !== undefined) return { of: "base", quantity };
  if (sum !== undefined) return { of: "quote", quantity: sum };
  throw mayNameSum ? binanceError.neitherSent("quantity", "quoteOrderQty") : binanceError.missing("quantity");
}

function readDecimal(parameters: Parameters, name: string, isNeeded: boolean): Units | undefined {
  const value = parameters.decimal(name);
  if (isNeeded && value === undefined) throw binanceError.missing(name);
  if (!isNeeded && value !== undefined) throw binanceError.notRequired(name);
  return value;
}

/** The requested mode of self-trade prevention. Throws -1013. */
function selfTradeModeOf(parameters: Parameters): SelfTradeMode {
  const name = parameters.optional("selfTradePreventionMode") ?? DEFAULT_SELF_TRADE_MODE;
  const mode = SELF_TRADE_MODES.get(name);
  if (mode === undefined) throw binanceError.selfTradeModeNotAllowed();
  return mode;
}

function checkFilters(terms: Terms, symbol: BinanceSymbol, market: SymbolMarket): void {
  const { amount, limitPrice, trigger, visibleQuantity } = terms;
  const reference = referencePrice(market);
  const isMarket = limitPrice === undefined;
  if (limitPrice !== undefined) checkPrice(symbol, limitPrice, reference);
  if (trigger !== undefined) checkTick(symbol, trigger.stopPrice);
  if (amount.of === "base") checkQuantity(symbol, amount.quantity, isMarket);
  if (visibleQuantity !== undefined) checkIceberg(symbol, amount.quantity, visibleQuantity);
  const price = limitPrice ?? trigger?.stopPrice ?? reference ?? 0n;
  const worth = amount.of === "quote" ? amount.quantity : multiply(price, amount.quantity);
  checkNotional(symbol, worth, isMarket);
}
