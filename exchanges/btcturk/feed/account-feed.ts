import type { AccountListener, Execution } from "../../market/matching/execution.ts";
import type { MatchingEngine } from "../../market/matching/matching-engine.ts";
import { type Order, remainingOf, type Trade } from "../../market/matching/order.ts";
import { formatTrimmed, formatUnits, multiply } from "../../market/units.ts";
import { dotlessEvent } from "../../misbehaviors/dotless-event.ts";
import type { Switchboard } from "../../misbehaviors/switchboard.ts";
import { btcturkPair } from "../btcturk-pairs.ts";
import type { FeedClient } from "./feed-client.ts";
import { frame, MODEL } from "./frames.ts";

/** The account's id at the venue. */
const USER_ID = 1_000_001;
/** The channel of all frames that only logged-in clients receive; nobody joins it. */
const CHANNEL = "U";
const SIDE = { buy: 0, sell: 1 } as const;

/**
 * The account's messages to logged-in clients: 451 when an order was inserted, 441 and 423 for each fill, 453
 * with the order's remaining quantity, 452 when it was removed unfilled, and 201 for each balance that
 * changed.
 */
export class AccountFeed implements AccountListener {
  readonly #clients = new Set<FeedClient>();
  readonly #engine: MatchingEngine;
  readonly #misbehaviors: Switchboard;
  /** Orders whose 452 was sent before the cancel was booked. */
  readonly #announced = new Set<number>();

  constructor(engine: MatchingEngine, misbehaviors: Switchboard) {
    this.#engine = engine;
    this.#misbehaviors = misbehaviors;
    engine.listen(this);
  }

  add(client: FeedClient): void {
    this.#clients.add(client);
  }

  remove(client: FeedClient): void {
    this.#clients.delete(client);
  }

  onExecution(order: Order, execution: Execution): void {
    switch (execution.kind) {
      case "accepted": {
        const event = this.#misbehaviors.bites(dotlessEvent) ? "orderınsert" : "OrderInsert";
        const fields = { orderMethod: methodOf(order), newOrderClientId: order.clientOrderId };
        this.#send(MODEL.orderInsert, event, { ...orderFields(order), ...fields });
        return;
      }
      case "traded":
        this.#send(MODEL.orderMatch, "UserOrderMatch", matchFields(order, execution.trade));
        this.#send(MODEL.userTrade, "UserTrade", tradeFields(execution.trade));
        this.#send(MODEL.orderUpdate, "OrderUpdate", { ...orderFields(order), method: methodOf(order) });
        return;
      case "canceled":
        if (!this.#announced.delete(order.orderId)) this.#deleted(order);
        return;
      case "expired":
      case "prevented":
        this.#deleted(order);
        return;
      case "triggered":
        this.#send(MODEL.orderUpdate, "OrderUpdate", { ...orderFields(order), method: methodOf(order) });
    }
  }

  onBalances(assets: readonly string[]): void {
    for (const { asset, free, locked } of this.#engine.ledger.balances) {
      if (!assets.includes(asset)) continue;
      const amounts = {
        balance: formatUnits(free + locked),
        free: formatUnits(free),
        locked: formatUnits(locked),
      };
      this.#send(MODEL.balance, "Balance", { asset, ...amounts });
    }
  }

  onTransfer(): void {
    // The venue reports a transfer only by the balance, which follows.
  }

  /** Announces a cancellation that is booked later. */
  announceCancel(order: Order): void {
    this.#announced.add(order.orderId);
    this.#deleted(order);
  }

  #deleted(order: Order): void {
    const fields = { method: methodOf(order), newOrderClientId: order.clientOrderId };
    this.#send(MODEL.orderDelete, "OrderDelete", { ...orderFields(order), ...fields });
  }

  #send(type: number, event: string, fields: Readonly<Record<string, unknown>>): void {
    if (this.#clients.size === 0) return;
    const text = frame(type, { type, ...fields, channel: CHANNEL, event });
    for (const client of this.#clients) client.push(text);
  }
}

function orderFields(order: Order): Record<string, unknown> {
  const left = remainingOf(order);
  const price = order.type === "market" ? 0n : (order.limitPrice ?? 0n);
  return {
    id: order.orderId,
    pairId: btcturkPair(order.symbol)?.id ?? 0,
    symbol: order.symbol,
    userId: USER_ID,
    orderType: SIDE[order.side],
    price: formatTrimmed(price),
    amount: formatTrimmed(order.quantity),
    numLeft: formatTrimmed(left),
    denomLeft: formatTrimmed(multiply(price, left)),
  };
}

function matchFields(order: Order, trade: Trade): Record<string, unknown> {
  return {
    id: order.orderId,
    method: methodOf(order),
    pair: btcturkPair(order.symbol)?.id ?? 0,
    timestamp: String(trade.atMs),
    symbol: order.symbol,
    isBid: order.side === "buy",
    price: formatTrimmed(trade.price),
    amount: formatTrimmed(trade.quantity),
    clientId: order.clientOrderId,
  };
}

function tradeFields(trade: Trade): Record<string, unknown> {
  const pair = btcturkPair(trade.symbol);
  return {
    id: trade.tradeId,
    orderId: trade.orderId,
    timestamp: trade.atMs,
    numeratorSymbol: pair?.base ?? "",
    denominatorSymbol: pair?.quote ?? "",
    amount: formatTrimmed(trade.side === "sell" ? -trade.quantity : trade.quantity),
    fee: formatTrimmed(-trade.fee),
    tax: "0",
    price: formatTrimmed(trade.price),
    orderType: trade.side,
    orderClientId: trade.clientOrderId,
  };
}

/** 0 limit, 1 market, 2 stop limit, 3 stop market. */
function methodOf({ type, trigger }: Order): number {
  return (type === "market" ? 1 : 0) + (trigger === undefined ? 0 : 2);
}
