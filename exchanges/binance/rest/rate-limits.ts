import type { Clock } from "../../../core/index.ts";
import { binanceError } from "../binance-error.ts";
import { retryAt, WindowCounter } from "./window-counter.ts";

/** The venue's limits (reference: Binance Spot API docs, "Limits"). */
const BINANCE_LIMITS = {
  weightPerMinute: 6_000,
  ordersPer10s: 50,
  ordersPerDay: 160_000,
  requestsPer5Min: 300_000,
  connectionsPer5Min: 300,
} as const;

/** Whether exceeding a limit is answered with 429 and 418, or only shown in the headers. */
export type RateLimitMode = "counted" | "enforced";

/** One limit and its current use, as `exchangeInfo` and the WebSocket API return it. */
export interface RateLimitView {
  readonly rateLimitType: "REQUEST_WEIGHT" | "ORDERS" | "RAW_REQUESTS";
  readonly interval: "SECOND" | "MINUTE" | "DAY";
  readonly intervalNum: number;
  readonly limit: number;
}

const MINUTE_MS = 60_000;
const TEN_SECONDS_MS = 10_000;
const DAY_MS = 86_400_000;
const FIVE_MINUTES_MS = 5 * MINUTE_MS;
/** Bans last from two minutes to three days, each longer than the one before. */
const FIRST_BAN_MS = 2 * MINUTE_MS;
const LONGEST_BAN_MS = 3 * DAY_MS;
/** How many requests a client may send after its first 429 before it is banned. */
const IGNORED_BEFORE_BAN = 100;
/**
 * The first fill of an order lowers the order counts by this much (reference: "Spot Unfilled Order Count
 * Rules").
 */
const FIRST_FILL_CREDIT = { taker: 1, maker: 5 } as const;

/** The limits as `exchangeInfo` returns them. */
export const RATE_LIMIT_VIEWS: readonly RateLimitView[] = [
  view("REQUEST_WEIGHT", "MINUTE", 1, BINANCE_LIMITS.weightPerMinute),
  view("ORDERS", "SECOND", 10, BINANCE_LIMITS.ordersPer10s),
  view("ORDERS", "DAY", 1, BINANCE_LIMITS.ordersPerDay),
  view("RAW_REQUESTS", "MINUTE", 5, BINANCE_LIMITS.requestsPer5Min),
];

/** One client's use of the venue's limits, counted by address and by account. */
export class RateLimits {
  readonly #clock: Clock;
  readonly #mode: RateLimitMode;
  readonly #weight = new WindowCounter(MINUTE_MS);
  readonly #requests = new WindowCounter(FIVE_MINUTES_MS);
  readonly #connections = new WindowCounter(FIVE_MINUTES_MS);
  readonly #orders10s = new WindowCounter(TEN_SECONDS_MS);
  readonly #ordersDay = new WindowCounter(DAY_MS);
  #ignored = 0;
  #bannedUntilMs = 0;
  #nextBanMs = FIRST_BAN_MS;
  #fillCredit = 0;

  constructor(clock: Clock, mode: RateLimitMode) {
    this.#clock = clock;
    this.#mode = mode;
  }

  /** Charges a request. Throws -1003: with 429 over a limit, with 418 when the client ignores the 429. */
  charge(weight: number): void {
    const nowMs = this.#clock.nowMs();
    this.#settleFills(nowMs);
    const used = this.#weight.add(nowMs, weight);
    const requests = this.#requests.add(nowMs, 1);
    if (this.#mode === "counted") return;
    if (nowMs < this.#bannedUntilMs) throw this.#banned(nowMs);
    if (used <= BINANCE_LIMITS.weightPerMinute && requests <= BINANCE_LIMITS.requestsPer5Min) {
      this.#ignored = 0;
      return;
    }
    this.#ignored++;
    if (this.#ignored > IGNORED_BEFORE_BAN) {
      this.#bannedUntilMs = nowMs + this.#nextBanMs;
      this.#nextBanMs = Math.min(2 * this.#nextBanMs, LONGEST_BAN_MS);
      this.#ignored = 0;
      throw this.#banned(nowMs);
    }
    if (used > BINANCE_LIMITS.weightPerMinute) {
      throw binanceError.tooMuchWeight(BINANCE_LIMITS.weightPerMinute, this.#weight.end(nowMs));
    }
    throw binanceError.tooManyRequests(this.#requests.end(nowMs));
  }

  /** Counts the weight of a connection, which is never refused. */
  countWeight(weight: number): void {
    this.#weight.add(this.#clock.nowMs(), weight);
  }

  /** Returns a request's weight: a placed or canceled order costs nothing. */
  refund(weight: number): void {
    this.#weight.add(this.#clock.nowMs(), -weight);
  }

  /** Counts a new WebSocket connection. Returns whether the address may have it. */
  mayConnect(): boolean {
    const count = this.#connections.add(this.#clock.nowMs(), 1);
    return this.#mode === "counted" || count <= BINANCE_LIMITS.connectionsPer5Min;
  }

  /** Refuses a new order that exceeds the order limits. Throws -1015. */
  checkOrders(): void {
    const nowMs = this.#clock.nowMs();
    this.#settleFills(nowMs);
    if (this.#mode === "counted") return;
    const { ordersPer10s, ordersPerDay } = BINANCE_LIMITS;
    if (this.#orders10s.add(nowMs, 0) >= ordersPer10s) {
      throw binanceError.tooManyOrders(ordersPer10s, "10 SECOND", this.#orders10s.end(nowMs));
    }
    if (this.#ordersDay.add(nowMs, 0) >= ordersPerDay) {
      throw binanceError.tooManyOrders(ordersPerDay, "1 DAY", this.#ordersDay.end(nowMs));
    }
  }

  /** Counts an accepted order. */
  countOrder(): void {
    this.#orders10s.add(this.#clock.nowMs(), 1);
    this.#ordersDay.add(this.#clock.nowMs(), 1);
  }

  /** Records an order's first fill: the order no longer counts, with a short delay as at the venue. */
  noteFirstFill(isMaker: boolean): void {
    this.#fillCredit += isMaker ? FIRST_FILL_CREDIT.maker : FIRST_FILL_CREDIT.taker;
  }

  /** The headers of every answer. */
  weightHeaders(): Record<string, string> {
    const used = String(this.#weight.add(this.#clock.nowMs(), 0));
    return { "x-mbx-used-weight": used, "x-mbx-used-weight-1m": used };
  }

  /** The additional headers of a successful order. */
  orderHeaders(): Record<string, string> {
    const nowMs = this.#clock.nowMs();
    return {
      "x-mbx-order-count-10s": String(this.#orders10s.add(nowMs, 0)),
      "x-mbx-order-count-1d": String(this.#ordersDay.add(nowMs, 0)),
    };
  }

  /** The order limits with their counts. */
  orderUsage(): (RateLimitView & { readonly count: number })[] {
    const nowMs = this.#clock.nowMs();
    this.#settleFills(nowMs);
    return [
      {
        ...view("ORDERS", "SECOND", 10, BINANCE_LIMITS.ordersPer10s),
        count: this.#orders10s.add(nowMs, 0),
      },
      { ...view("ORDERS", "DAY", 1, BINANCE_LIMITS.ordersPerDay), count: this.#ordersDay.add(nowMs, 0) },
    ];
  }

  /** The weight limit with its count. */
  weightUsage(): (RateLimitView & { readonly count: number })[] {
    const count = this.#weight.add(this.#clock.nowMs(), 0);
    return [{ ...view("REQUEST_WEIGHT", "MINUTE", 1, BINANCE_LIMITS.weightPerMinute), count }];
  }

  #settleFills(nowMs: number): void {
    if (this.#fillCredit === 0) return;
    this.#orders10s.add(nowMs, -this.#fillCredit);
    this.#ordersDay.add(nowMs, -this.#fillCredit);
    this.#fillCredit = 0;
  }

  #banned(nowMs: number) {
    return binanceError.banned(retryAt(this.#bannedUntilMs, nowMs));
  }
}

function view(
  rateLimitType: RateLimitView["rateLimitType"],
  interval: RateLimitView["interval"],
  intervalNum: number,
  limit: number,
): RateLimitView {
  return { rateLimitType, interval, intervalNum, limit };
}
