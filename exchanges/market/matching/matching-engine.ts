import type { Clock } from "../../../core/index.ts";
import type { MarketEvent } from "../market-event.ts";
import type { OrderBook } from "../order-book.ts";
import { multiply, type Units } from "../units.ts";
import { type FeeSchedule, feeOf, type Pair, purchaseReserve } from "./fees.ts";
import type { Ledger } from "./ledger.ts";
import { Liquidity } from "./liquidity.ts";
import { isOpen, type Order, type OrderRequest, type OrderStatus, remainingOf, type Trade } from "./order.ts";
import { OrderRefused } from "./order-refused.ts";
import { OwnBook, oppositeOf, sideOf } from "./own-book.ts";
import { matchDepth, matchTrade, type RestingFill } from "./resting.ts";
import { inPriceOrder, type Sweep, sweep } from "./sweep.ts";

/** A pair that the engine trades, with the book of the tape it trades against. */
export interface EngineSymbol extends Pair {
  readonly book: OrderBook;
  /** The smallest step of a quantity. */
  readonly step: Units;
}

/** What an engine is made of. */
export interface EngineOptions {
  readonly ledger: Ledger;
  readonly fees: FeeSchedule;
  readonly clock: Clock;
  /** The first ids; they count up from there. */
  readonly firstOrderId: number;
  readonly firstTradeId: number;
  /** Whether a client order id must differ from that of every open order (Binance) or may repeat. */
  readonly uniqueOpenClientOrderIds: boolean;
}

interface Venue {
  readonly pair: EngineSymbol;
  readonly liquidity: Liquidity;
  readonly own: OwnBook;
}

/**
 * One venue's matching for one account: price-time priority among the tape's book and the account's resting
 * orders. Incoming orders take what the tape shows; resting orders fill when the tape trades at or through
 * their price, after what stood there before them, or when its other side crosses them.
 *
 * Orders of the account never trade with each other: the resting one expires (Binance's EXPIRE_MAKER).
 */
export class MatchingEngine {
  readonly ledger: Ledger;
  readonly #options: EngineOptions;
  readonly #symbols = new Map<string, Venue>();
  readonly #orders = new Map<number, Order>();
  readonly #latestByClientId = new Map<string, Order>();
  readonly #open = new Set<Order>();
  readonly #trades: Trade[] = [];
  #nextOrderId: number;
  #nextTradeId: number;

  constructor(options: EngineOptions) {
    this.ledger = options.ledger;
    this.#options = options;
    this.#nextOrderId = options.firstOrderId;
    this.#nextTradeId = options.firstTradeId;
  }

  /** Opens a pair for trading. */
  list(pair: EngineSymbol): void {
    this.#symbols.set(pair.symbol, { pair, liquidity: new Liquidity(pair.book), own: new OwnBook() });
  }

  /** Every order that was ever accepted, oldest first. */
  get orders(): readonly Order[] {
    return [...this.#orders.values()];
  }

  /** Every fill, oldest first. */
  get trades(): readonly Trade[] {
    return this.#trades;
  }

  get openOrders(): readonly Order[] {
    return [...this.#open];
  }

  order(orderId: number): Order | undefined {
    return this.#orders.get(orderId);
  }

  /** The latest order of that client order id, open or not. */
  orderOfClient(clientOrderId: string): Order | undefined {
    return this.#latestByClientId.get(clientOrderId);
  }

  /**
   * Accepts an order and fills of it what can be filled at once.
   *
   * @throws OrderRefused when the venue would not take it; nothing is changed then.
   */
  place(request: OrderRequest): Order {
    const venue = this.#venueOf(request.symbol);
    const twin = this.#latestByClientId.get(request.clientOrderId);
    if (this.#options.uniqueOpenClientOrderIds && twin !== undefined && isOpen(twin)) {
      throw new OrderRefused("duplicate-client-order-id", `${request.clientOrderId} is an open order.`);
    }
    const found = this.#sweep(venue, request);
    if (request.type === "limit-maker" && (found.fills.length > 0 || found.ownReached.length > 0)) {
      throw new OrderRefused("would-take", "Expected a price that rests, got one that trades at once.");
    }
    const quantity = request.amount.of === "base" ? request.amount.quantity : found.quantity;
    const killed = request.timeInForce === "fok" && found.quantity < quantity;
    const taken = killed ? { ...found, fills: [], ownReached: [], quantity: 0n, quote: 0n } : found;
    this.#checkBalance(venue.pair, request, taken, quantity);
    const order = this.#accept(venue.pair, request, quantity);
    this.#execute(venue, order, taken);
    return order;
  }

  /** Takes an open order back. */
  cancel(order: Order): void {
    this.#close(order, "canceled");
  }

  /** Lets resting orders meet what the tape did. To be called after the book has taken the event. */
  onMarketEvent(event: MarketEvent): void {
    const venue = this.#symbols.get(event.symbol);
    if (venue === undefined || event.kind === "bookTicker") return;
    const fills =
      event.kind === "trade"
        ? matchTrade(venue.own, event.trade)
        : matchDepth(venue.own, venue.liquidity, event.diff);
    for (const fill of fills) this.#fillResting(fill);
  }

  #venueOf(symbol: string): Venue {
    const venue = this.#symbols.get(symbol);
    if (venue === undefined) throw new RangeError(`Expected a listed symbol, got ${symbol}.`);
    return venue;
  }

  #sweep(venue: Venue, request: OrderRequest): Sweep {
    const side = oppositeOf(request);
    const own = venue.own.reaching(side, request.limitPrice);
    const isBetterOrEqual = (price: Units, than: Units): boolean => venue.own[side].reaches(price, than);
    return sweep(request, inPriceOrder(venue.liquidity.levels(side), own, isBetterOrEqual), venue.pair.step);
  }

  #checkBalance(pair: EngineSymbol, request: OrderRequest, taken: Sweep, quantity: Units): void {
    const isBuy = request.side === "buy";
    const asset = isBuy ? pair.quote : pair.base;
    const needed = isBuy ? this.#purchaseCost(request, taken, quantity) : quantity;
    if (needed > this.ledger.freeOf(asset)) {
      throw new OrderRefused("insufficient-balance", `Expected ${needed} units of ${asset} to be free.`);
    }
  }

  #purchaseCost(request: OrderRequest, taken: Sweep, quantity: Units): Units {
    if (request.type !== "market" && request.limitPrice !== undefined) {
      return purchaseReserve(this.#options.fees, request.limitPrice, quantity);
    }
    return taken.fills.reduce(
      (sum, [price, part]) => sum + purchaseReserve(this.#options.fees, price, part),
      0n,
    );
  }

  #accept(pair: EngineSymbol, request: OrderRequest, quantity: Units): Order {
    const nowMs = this.#options.clock.nowMs();
    const order: Order = {
      ...request,
      orderId: this.#nextOrderId++,
      acceptedAtMs: nowMs,
      updatedAtMs: nowMs,
      status: "new",
      quantity,
      executedQuantity: 0n,
      executedQuote: 0n,
      locked: 0n,
      lockedAsset: request.side === "buy" ? pair.quote : pair.base,
      queueAhead: 0n,
      trades: [],
    };
    this.#orders.set(order.orderId, order);
    this.#latestByClientId.set(order.clientOrderId, order);
    this.#open.add(order);
    return order;
  }

  #execute(venue: Venue, order: Order, taken: Sweep): void {
    for (const resting of taken.ownReached) this.#close(resting, "expired-in-match");
    for (const [price, quantity] of taken.fills) {
      venue.liquidity.take(oppositeOf(order), price, quantity);
      this.#fill(venue.pair, order, { price, quantity, isMaker: false });
    }
    if (!isOpen(order)) return;
    if (order.type === "market" || order.timeInForce !== "gtc" || order.limitPrice === undefined) {
      this.#close(order, "expired");
      return;
    }
    order.queueAhead = venue.liquidity.at(sideOf(order), order.limitPrice);
    venue.own.add(order, order.limitPrice);
    this.#relock(order);
  }

  #fillResting({ order, quantity }: RestingFill): void {
    const venue = this.#venueOf(order.symbol);
    if (order.limitPrice === undefined) return;
    this.ledger.lock(order.lockedAsset, -order.locked);
    order.locked = 0n;
    this.#fill(venue.pair, order, { price: order.limitPrice, quantity, isMaker: true });
    if (isOpen(order)) this.#relock(order);
    else venue.own.remove(order);
  }

  /** Books one fill: money out, money in, fee off. The order's reserve must be free at this moment. */
  #fill(pair: EngineSymbol, order: Order, part: { price: Units; quantity: Units; isMaker: boolean }): void {
    const quote = multiply(part.price, part.quantity);
    const { fee, feeAsset } = feeOf(this.#options.fees, pair, { side: order.side, ...part, quote });
    const isBuy = order.side === "buy";
    this.ledger.debit(isBuy ? pair.quote : pair.base, isBuy ? quote : part.quantity);
    this.ledger.credit(isBuy ? pair.base : pair.quote, isBuy ? part.quantity : quote);
    this.ledger.debit(feeAsset, fee);
    const { orderId, clientOrderId, symbol, side } = order;
    const atMs = this.#options.clock.nowMs();
    const tradeId = this.#nextTradeId++;
    const trade = { tradeId, orderId, clientOrderId, symbol, side, ...part, quote, fee, feeAsset, atMs };
    order.executedQuantity += part.quantity;
    order.executedQuote += quote;
    order.updatedAtMs = atMs;
    order.status = remainingOf(order) === 0n ? "filled" : "partially-filled";
    order.trades.push(trade);
    this.#trades.push(trade);
    if (!isOpen(order)) this.#open.delete(order);
  }

  #relock(order: Order): void {
    const rest = remainingOf(order);
    const isBuy = order.side === "buy" && order.limitPrice !== undefined;
    order.locked = isBuy ? purchaseReserve(this.#options.fees, order.limitPrice ?? 0n, rest) : rest;
    this.ledger.lock(order.lockedAsset, order.locked);
  }

  #close(order: Order, status: OrderStatus): void {
    this.#venueOf(order.symbol).own.remove(order);
    this.ledger.lock(order.lockedAsset, -order.locked);
    order.locked = 0n;
    order.status = status;
    order.updatedAtMs = this.#options.clock.nowMs();
    this.#open.delete(order);
  }
}
