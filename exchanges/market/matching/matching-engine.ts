import type { Clock } from "../../../core/index.ts";
import type { MarketEvent } from "../market-event.ts";
import { least, type Units } from "../units.ts";
import { admit, costOf, unlessKilled } from "./admission.ts";
import type { AccountListener } from "./execution.ts";
import type { FeeSchedule, Pair } from "./fees.ts";
import type { Ledger } from "./ledger.ts";
import { isOpen, type Order, type OrderRequest, remainingOf, type Trade } from "./order.ts";
import { OrderRefused } from "./order-refused.ts";
import { oppositeOf, sideOf } from "./own-book.ts";
import { matchDepth, matchTrade, type RestingFill } from "./resting.ts";
import { Settlement } from "./settlement.ts";
import { NO_SWEEP, type Sweep } from "./sweep.ts";
import { type EngineSymbol, SymbolBook } from "./symbol-book.ts";

export type { EngineSymbol } from "./symbol-book.ts";

/** What an engine is made from. */
export interface EngineOptions {
  readonly ledger: Ledger;
  readonly fees: FeeSchedule;
  readonly clock: Clock;
  /** The first ids; later ones count up from them. */
  readonly firstOrderId: number;
  readonly firstTradeId: number;
  /** Whether a client order id must differ from that of every open order (Binance) or may repeat. */
  readonly uniqueOpenClientOrderIds: boolean;
}

/**
 * One venue's matching for one account: price-time priority among the tape's book and the account's resting
 * orders. Incoming orders trade with the tape's book; resting orders fill when the tape trades at or through
 * their price, after the quantity that was there before them, or when the tape's other side crosses them.
 * Orders with a trigger wait until the tape's last price reaches it.
 *
 * When two orders of the account would trade with each other, the incoming one's {@link SelfTradeMode}
 * decides.
 */
export class MatchingEngine {
  readonly ledger: Ledger;
  readonly #options: EngineOptions;
  readonly #settlement: Settlement;
  readonly #symbols = new Map<string, SymbolBook>();
  readonly #orders = new Map<number, Order>();
  readonly #latestByClientId = new Map<string, Order>();
  #nextOrderId: number;

  constructor(options: EngineOptions) {
    this.ledger = options.ledger;
    this.#options = options;
    this.#settlement = new Settlement(options);
    this.#nextOrderId = options.firstOrderId;
  }

  /** Opens a pair for trading. */
  list(pair: EngineSymbol): void {
    this.#symbols.set(pair.symbol, new SymbolBook(pair));
  }

  /** Adds a listener for every later execution and change of balances. */
  listen(listener: AccountListener): void {
    this.#settlement.listeners.push(listener);
  }

  /** Every order that was ever accepted, oldest first. */
  get orders(): readonly Order[] {
    return [...this.#orders.values()];
  }

  /** Every fill, oldest first. */
  get trades(): readonly Trade[] {
    return this.#settlement.trades;
  }

  get openOrders(): readonly Order[] {
    return [...this.#settlement.open];
  }

  /** How many orders of a symbol are open, and how many of these have a trigger. */
  openCounts(symbol: string): { readonly open: number; readonly withTrigger: number } {
    let open = 0;
    let withTrigger = 0;
    for (const order of this.#settlement.open) {
      if (order.symbol !== symbol) continue;
      open++;
      if (order.trigger !== undefined) withTrigger++;
    }
    return { open, withTrigger };
  }

  order(orderId: number): Order | undefined {
    return this.#orders.get(orderId);
  }

  /** The latest order with that client order id, open or not. */
  orderOfClient(clientOrderId: string): Order | undefined {
    return this.#latestByClientId.get(clientOrderId);
  }

  /**
   * Accepts an order and fills what can be filled immediately.
   *
   * @throws OrderRefused when the venue would refuse it; nothing is changed then.
   */
  place(request: OrderRequest): Order {
    const symbolBook = this.#bookOf(request.symbol);
    const twin = this.#latestByClientId.get(request.clientOrderId);
    if (this.#options.uniqueOpenClientOrderIds && twin !== undefined && isOpen(twin)) {
      throw new OrderRefused("duplicate-client-order-id", `${request.clientOrderId} is an open order.`);
    }
    const { quantity, taken } = admit(symbolBook, request, this.#options);
    const order = this.#accept(symbolBook.pair, request, quantity);
    if (order.trigger === undefined) {
      this.#execute(symbolBook, order, taken);
    } else {
      symbolBook.waiting.add(order);
      this.#settlement.reserve(order);
    }
    this.#settlement.notifyBalances();
    return order;
  }

  /** Cancels an open order. `cancelId` is the cancellation's own client order id. */
  cancel(order: Order, cancelId = order.clientOrderId): void {
    const symbolBook = this.#bookOf(order.symbol);
    symbolBook.own.remove(order);
    symbolBook.waiting.remove(order);
    this.#settlement.close(order, "canceled", { kind: "canceled", cancelId });
    this.#settlement.notifyBalances();
  }

  /** Ends an open order that its owner did not cancel; used by misbehaviors. */
  expire(order: Order): void {
    const symbolBook = this.#bookOf(order.symbol);
    symbolBook.own.remove(order);
    symbolBook.waiting.remove(order);
    this.#settlement.close(order, "expired", { kind: "expired" });
    this.#settlement.notifyBalances();
  }

  /** Fills a resting order at its own price now, as if the tape had reached it; used by misbehaviors. */
  fillNow(order: Order, quantity: Units): void {
    if (order.limitPrice === undefined || order.workingSinceMs === undefined || quantity <= 0n) return;
    this.#fillResting(this.#bookOf(order.symbol), { order, quantity: least(quantity, remainingOf(order)) });
    this.#settlement.notifyBalances();
  }

  /** Moves money into the account, or out of it when negative. Throws OrderRefused when there is too little. */
  transfer(asset: string, amount: Units): void {
    if (this.ledger.freeOf(asset) + amount < 0n) {
      throw new OrderRefused("insufficient-balance", `Expected ${-amount} units of ${asset} to be free.`);
    }
    this.ledger.credit(asset, amount);
    for (const listener of this.#settlement.listeners) listener.onTransfer(asset, amount);
    this.#settlement.notifyBalances();
  }

  /** Matches resting and waiting orders against a market event. Call it after the book was updated. */
  onMarketEvent(event: MarketEvent): void {
    const symbolBook = this.#symbols.get(event.symbol);
    if (symbolBook === undefined || event.kind === "bookTicker") return;
    const fills =
      event.kind === "trade"
        ? matchTrade(symbolBook.own, event.trade)
        : matchDepth(symbolBook.own, symbolBook.liquidity, event.diff);
    for (const fill of fills) this.#fillResting(symbolBook, fill);
    if (event.kind === "trade") {
      symbolBook.traded(event.trade.price);
      for (const order of symbolBook.waiting.takeReached(event.trade.price)) this.#trigger(symbolBook, order);
    }
    this.#settlement.notifyBalances();
  }

  #bookOf(symbol: string): SymbolBook {
    const symbolBook = this.#symbols.get(symbol);
    if (symbolBook === undefined) throw new RangeError(`Expected a listed symbol, got ${symbol}.`);
    return symbolBook;
  }

  #accept(pair: Pair, request: OrderRequest, quantity: Units): Order {
    const nowMs = this.#options.clock.nowMs();
    const order: Order = {
      ...request,
      orderId: this.#nextOrderId++,
      selfTrade: request.selfTrade ?? "expire-maker",
      acceptedAtMs: nowMs,
      updatedAtMs: nowMs,
      workingSinceMs: request.trigger === undefined ? nowMs : undefined,
      status: "new",
      quantity,
      executedQuantity: 0n,
      executedQuote: 0n,
      preventedQuantity: 0n,
      locked: 0n,
      lockedAsset: request.side === "buy" ? pair.quote : pair.base,
      queueAhead: 0n,
      tip: least(request.visibleQuantity ?? quantity, quantity),
      trades: [],
      preventedMatches: [],
    };
    this.#orders.set(order.orderId, order);
    this.#latestByClientId.set(order.clientOrderId, order);
    this.#settlement.open.add(order);
    this.#settlement.notifyExecution(order, { kind: "accepted" });
    return order;
  }

  /** Activates a waiting order, if the account can pay for it. */
  #trigger(symbolBook: SymbolBook, order: Order): void {
    this.#settlement.release(order);
    order.workingSinceMs = this.#options.clock.nowMs();
    order.updatedAtMs = order.workingSinceMs;
    this.#settlement.notifyExecution(order, { kind: "triggered" });
    const { quantity, lockedAsset } = order;
    const taken = unlessKilled(order, symbolBook.sweep(order), quantity);
    const cost = costOf(this.#options.fees, order, { quantity, taken });
    const canPay = cost <= this.ledger.freeOf(lockedAsset);
    this.#execute(symbolBook, order, canPay ? taken : NO_SWEEP);
  }

  #execute(symbolBook: SymbolBook, order: Order, { steps }: Sweep): void {
    for (const step of steps) {
      if (step.kind === "prevent") {
        this.#settlement.prevent(order, step);
        if (step.makerQuantity > 0n) this.#settleMaker(symbolBook, step.maker);
        continue;
      }
      const { price, quantity } = step;
      const tradeId = this.#settlement.freshTradeId();
      if (step.kind === "fill") symbolBook.liquidity.take(oppositeOf(order), price, quantity);
      this.#settlement.fill(symbolBook.pair, order, { price, quantity, isMaker: false, tradeId });
      if (step.kind === "fill-own") this.#fillOwn(symbolBook, step.maker, { price, quantity, tradeId });
    }
    if (!isOpen(order)) return;
    const { limitPrice } = order;
    if (order.type === "market" || order.timeInForce !== "gtc" || limitPrice === undefined) {
      this.#settlement.close(order, "expired", { kind: "expired" });
      return;
    }
    this.#rest(symbolBook, order, limitPrice);
    this.#settlement.reserve(order);
  }

  #fillResting(symbolBook: SymbolBook, { order, quantity }: RestingFill): void {
    if (order.limitPrice === undefined) return;
    const tradeId = this.#settlement.freshTradeId();
    this.#fillOwn(symbolBook, order, { price: order.limitPrice, quantity, tradeId });
  }

  #fillOwn(
    symbolBook: SymbolBook,
    order: Order,
    part: { price: Units; quantity: Units; tradeId: number },
  ): void {
    const tipBefore = order.tip;
    this.#settlement.release(order);
    this.#settlement.fill(symbolBook.pair, order, { ...part, isMaker: true });
    this.#settleMaker(symbolBook, order, order.visibleQuantity !== undefined && part.quantity >= tipBefore);
  }

  /**
   * Updates a resting order after it lost quantity. An iceberg's new visible part goes to the end of the
   * queue.
   */
  #settleMaker(symbolBook: SymbolBook, order: Order, isNewTip = false): void {
    if (!isOpen(order)) {
      symbolBook.own.remove(order);
      return;
    }
    this.#settlement.release(order);
    this.#settlement.reserve(order);
    if (!isNewTip || order.limitPrice === undefined) return;
    symbolBook.own.remove(order);
    this.#rest(symbolBook, order, order.limitPrice);
  }

  #rest(symbolBook: SymbolBook, order: Order, limitPrice: Units): void {
    order.queueAhead = symbolBook.liquidity.at(sideOf(order), limitPrice);
    symbolBook.own.add(order, limitPrice);
  }
}
