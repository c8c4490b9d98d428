import type { Clock } from "../../../core/index.ts";
import { least, multiply, type Units } from "../units.ts";
import type { AccountListener, Execution } from "./execution.ts";
import { type FeeSchedule, feeOf, type Pair, purchaseReserve } from "./fees.ts";
import type { Ledger } from "./ledger.ts";
import {
  isOpen,
  type Order,
  type OrderStatus,
  type PreventedMatch,
  remainingOf,
  type Trade,
} from "./order.ts";

/** What a settlement is made from. */
export interface SettlementOptions {
  readonly ledger: Ledger;
  readonly fees: FeeSchedule;
  readonly clock: Clock;
  readonly firstTradeId: number;
}

/** A part of an order that trades. */
export interface FillPart {
  readonly price: Units;
  readonly quantity: Units;
  readonly isMaker: boolean;
  readonly tradeId: number;
}

/** Books the engine's decisions: balances, reserves, the orders' state. Then notifies the listeners. */
export class Settlement {
  readonly ledger: Ledger;
  readonly trades: Trade[] = [];
  readonly open = new Set<Order>();
  readonly listeners: AccountListener[] = [];
  readonly #fees: FeeSchedule;
  readonly #clock: Clock;
  #nextTradeId: number;
  #nextMatchId = 0;

  constructor({ ledger, fees, clock, firstTradeId }: SettlementOptions) {
    this.ledger = ledger;
    this.#fees = fees;
    this.#clock = clock;
    this.#nextTradeId = firstTradeId;
  }

  freshTradeId(): number {
    return this.#nextTradeId++;
  }

  /** Books one fill: pays, receives and charges the fee. The order's reserve must be released before. */
  fill(pair: Pair, order: Order, part: FillPart): void {
    const quote = multiply(part.price, part.quantity);
    const { fee, feeAsset } = feeOf(this.#fees, pair, { side: order.side, ...part, quote });
    const isBuy = order.side === "buy";
    this.ledger.debit(isBuy ? pair.quote : pair.base, isBuy ? quote : part.quantity);
    this.ledger.credit(isBuy ? pair.base : pair.quote, isBuy ? part.quantity : quote);
    this.ledger.debit(feeAsset, fee);
    const { orderId, clientOrderId, symbol, side } = order;
    const atMs = this.#clock.nowMs();
    const trade = { orderId, clientOrderId, symbol, side, ...part, quote, fee, feeAsset, atMs };
    order.executedQuantity += part.quantity;
    order.executedQuote += quote;
    order.updatedAtMs = atMs;
    order.trades.push(trade);
    this.trades.push(trade);
    order.status = statusOf(order);
    order.tip = tipAfter(order, part.isMaker ? order.tip - part.quantity : 0n);
    if (!isOpen(order)) this.open.delete(order);
    this.notifyExecution(order, { kind: "traded", trade });
  }

  /** Removes a quantity from two orders that must not trade with each other. */
  prevent(
    taker: Order,
    step: { price: Units; maker: Order; takerQuantity: Units; makerQuantity: Units },
  ): void {
    const { price, maker, takerQuantity, makerQuantity } = step;
    const match: PreventedMatch = {
      preventedMatchId: this.#nextMatchId++,
      symbol: taker.symbol,
      takerOrderId: taker.orderId,
      makerOrderId: maker.orderId,
      mode: taker.selfTrade,
      price,
      takerQuantity,
      makerQuantity,
      atMs: this.#clock.nowMs(),
    };
    taker.preventedMatches.push(match);
    maker.preventedMatches.push(match);
    if (makerQuantity > 0n) this.#takeOff(maker, match, makerQuantity);
    if (takerQuantity > 0n) this.#takeOff(taker, match, takerQuantity);
  }

  #takeOff(order: Order, match: PreventedMatch, quantity: Units): void {
    this.release(order);
    order.preventedQuantity += quantity;
    order.updatedAtMs = match.atMs;
    order.status = statusOf(order);
    order.tip = tipAfter(order, order.tip);
    if (!isOpen(order)) this.open.delete(order);
    this.notifyExecution(order, { kind: "prevented", match, quantity });
  }

  /**
   * Reserves the possible cost of an order's remaining quantity. A waiting market purchase reserves its stop
   * price.
   */
  reserve(order: Order): void {
    const rest = remainingOf(order);
    const price =
      order.limitPrice ?? (order.workingSinceMs === undefined ? order.trigger?.stopPrice : undefined);
    const isPurchase = order.side === "buy" && price !== undefined;
    order.locked = isPurchase ? purchaseReserve(this.#fees, price, rest) : rest;
    this.ledger.lock(order.lockedAsset, order.locked);
  }

  /** Releases an order's reserve. */
  release(order: Order): void {
    this.ledger.lock(order.lockedAsset, -order.locked);
    order.locked = 0n;
  }

  /** Ends an open order. */
  close(order: Order, status: OrderStatus, execution: Execution): void {
    this.release(order);
    order.status = status;
    order.updatedAtMs = this.#clock.nowMs();
    this.open.delete(order);
    this.notifyExecution(order, execution);
  }

  notifyExecution(order: Order, execution: Execution): void {
    for (const listener of this.listeners) listener.onExecution(order, execution);
  }

  /** Notifies listeners of the balances that changed since the last call. */
  notifyBalances(): void {
    const assets = this.ledger.takeChanged();
    if (assets.length > 0) for (const listener of this.listeners) listener.onBalances(assets);
  }
}

/** An iceberg keeps the rest of its visible part; when that is zero, the next part becomes visible. */
function tipAfter(order: Order, left: Units): Units {
  const rest = remainingOf(order);
  if (order.visibleQuantity === undefined) return rest;
  return least(left > 0n ? left : order.visibleQuantity, rest);
}

function statusOf(order: Order): OrderStatus {
  if (remainingOf(order) > 0n) return order.executedQuantity > 0n ? "partially-filled" : "new";
  return order.preventedQuantity > 0n ? "expired-in-match" : "filled";
}
