import type { Execution } from "../../market/matching/execution.ts";
import type { Balance } from "../../market/matching/ledger.ts";
import { isOpen, type Order } from "../../market/matching/order.ts";
import { formatUnits, type Units } from "../../market/units.ts";
import { modeNameOf, stateOf } from "../order-view.ts";

/** An event of the account, as the venue sends it. */
export interface UserEvent {
  readonly e: string;
  /** Event time, ms since the epoch. */
  readonly E: number;
  readonly [field: string]: unknown;
}

const EXECUTION_TYPES: Readonly<Record<Execution["kind"], string>> = {
  accepted: "NEW",
  triggered: "NEW",
  traded: "TRADE",
  canceled: "CANCELED",
  expired: "EXPIRED",
  prevented: "TRADE_PREVENTION",
};
const ZERO = formatUnits(0n);

/** `executionReport`: what happened to an order (reference: Binance "User Data Streams", "Order Update"). */
export function executionReport(
  order: Order,
  execution: Execution,
  { nowMs, executionId }: { nowMs: number; executionId: number },
): UserEvent {
  const state = stateOf(order);
  const { workingSinceMs } = order;
  const isCancel = execution.kind === "canceled";
  return {
    e: "executionReport",
    E: nowMs,
    s: order.symbol,
    c: isCancel ? execution.cancelId : order.clientOrderId,
    S: state.side,
    o: state.type,
    f: state.timeInForce,
    q: state.origQty,
    p: state.price,
    P: formatUnits(order.trigger?.stopPrice ?? 0n),
    F: formatUnits(order.visibleQuantity ?? 0n),
    g: -1,
    C: isCancel ? order.clientOrderId : "",
    x: EXECUTION_TYPES[execution.kind],
    X: state.status,
    r: "NONE",
    i: order.orderId,
    z: state.executedQty,
    ...tradeFieldsOf(execution),
    T: order.updatedAtMs,
    I: executionId,
    w: isOpen(order) && workingSinceMs !== undefined,
    M: false,
    O: order.acceptedAtMs,
    Z: state.cummulativeQuoteQty,
    Q: state.origQuoteOrderQty,
    ...(workingSinceMs === undefined ? {} : { W: workingSinceMs }),
    ...(order.strategyId === undefined ? {} : { j: order.strategyId }),
    ...(order.strategyType === undefined ? {} : { J: order.strategyType }),
    V: modeNameOf(order.selfTrade),
    ...preventionFieldsOf(order, execution),
  };
}

/** `outboundAccountPosition`: the balances that an event has changed. */
export function accountPosition(balances: readonly Balance[], atMs: number, nowMs: number): UserEvent {
  return {
    e: "outboundAccountPosition",
    E: nowMs,
    u: atMs,
    B: balances.map(({ asset, free, locked }) => ({
      a: asset,
      f: formatUnits(free),
      l: formatUnits(locked),
    })),
  };
}

/** `balanceUpdate`: money deposited or withdrawn without a trade. */
export function balanceUpdate(asset: string, amount: Units, nowMs: number): UserEvent {
  return { e: "balanceUpdate", E: nowMs, a: asset, d: formatUnits(amount), T: nowMs };
}

function tradeFieldsOf(execution: Execution): Record<string, unknown> {
  if (execution.kind !== "traded") {
    return { l: ZERO, L: ZERO, n: "0", N: null, t: -1, m: false, Y: ZERO };
  }
  const { trade } = execution;
  return {
    l: formatUnits(trade.quantity),
    L: formatUnits(trade.price),
    n: formatUnits(trade.fee),
    N: trade.feeAsset,
    t: trade.tradeId,
    m: trade.isMaker,
    Y: formatUnits(trade.quote),
  };
}

/** Fields of orders whose self-trades were prevented. */
function preventionFieldsOf(order: Order, execution: Execution): Record<string, unknown> {
  const total = order.preventedQuantity > 0n ? { A: formatUnits(order.preventedQuantity) } : {};
  if (execution.kind !== "prevented") return total;
  const { match, quantity } = execution;
  const isTaker = match.takerOrderId === order.orderId;
  return {
    ...total,
    v: match.preventedMatchId,
    B: formatUnits(quantity),
    u: -1,
    U: isTaker ? match.makerOrderId : match.takerOrderId,
    Cs: match.symbol,
    pl: formatUnits(quantity),
    pL: formatUnits(match.price),
  };
}
