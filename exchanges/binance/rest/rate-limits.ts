import type { Clock } from "../../../core/index.ts";
import { binanceError } from "../binance-error.ts";

/** The venue's limits (reference: Binance Spot API docs, "Limits"). */
export const BINANCE_LIMITS = { weightPerMinute: 6_000, ordersPer10s: 50, ordersPerDay: 160_000 } as const;

/** Whether exceeding a limit is answered with 429 and 418, or only counted in the headers. */
export type RateLimitMode = "counted" | "enforced";

const MINUTE_MS = 60_000;
const TEN_SECONDS_MS = 10_000;
const DAY_MS = 86_400_000;
const BAN_MS = 120_000;
/** Requests that a client may go on sending after its first 429 before it is banned. */
const IGNORED_BEFORE_BAN = 100;

/** Counts within fixed windows that begin at whole multiples of their length, as the venue's do. */
class WindowCounter {
  readonly #lengthMs: number;
  #window = -1;
  #count = 0;

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  add(nowMs: number, amount: number): number {
    const window = Math.floor(nowMs / this.#lengthMs);
    if (window !== this.#window) this.#count = 0;
    this.#window = window;
    this.#count = Math.max(0, this.#count + amount);
    return this.#count;
  }

  /** Whole seconds until the window ends, at least one. */
  secondsLeft(nowMs: number): number {
    return Math.max(1, Math.ceil((this.#lengthMs - (nowMs % this.#lengthMs)) / 1_000));
  }
}

/** One client's use of the venue's limits. */
export class RateLimits {
  readonly #clock: Clock;
  readonly #mode: RateLimitMode;
  readonly #weight = new WindowCounter(MINUTE_MS);
  readonly #orders10s = new WindowCounter(TEN_SECONDS_MS);
  readonly #ordersDay = new WindowCounter(DAY_MS);
  #ignored = 0;
  #bannedUntilMs = 0;

  constructor(clock: Clock, mode: RateLimitMode) {
    this.#clock = clock;
    this.#mode = mode;
  }

  /** Charges a request. Throws -1003 with 429 over the limit, with 418 when that is ignored. */
  charge(weight: number): void {
    const nowMs = this.#clock.nowMs();
    const used = this.#weight.add(nowMs, weight);
    if (this.#mode === "counted") return;
    if (nowMs < this.#bannedUntilMs) {
      throw binanceError.banned(this.#bannedUntilMs, Math.ceil((this.#bannedUntilMs - nowMs) / 1_000));
    }
    if (used <= BINANCE_LIMITS.weightPerMinute) {
      this.#ignored = 0;
      return;
    }
    this.#ignored++;
    if (this.#ignored > IGNORED_BEFORE_BAN) {
      this.#bannedUntilMs = nowMs + BAN_MS;
      throw binanceError.banned(this.#bannedUntilMs, BAN_MS / 1_000);
    }
    throw binanceError.tooMuchWeight(BINANCE_LIMITS.weightPerMinute, this.#weight.secondsLeft(nowMs));
  }

  /** Gives a request's weight back: a placed or cancelled order costs nothing. */
  refund(weight: number): void {
    this.#weight.add(this.#clock.nowMs(), -weight);
  }

  /** Refuses a new order over the order limits. Throws -1015. */
  checkOrders(): void {
    if (this.#mode === "counted") return;
    const nowMs = this.#clock.nowMs();
    if (this.#orders10s.add(nowMs, 0) >= BINANCE_LIMITS.ordersPer10s) {
      throw binanceError.tooManyOrders(
        BINANCE_LIMITS.ordersPer10s,
        "10 SECOND",
        this.#orders10s.secondsLeft(nowMs),
      );
    }
    if (this.#ordersDay.add(nowMs, 0) >= BINANCE_LIMITS.ordersPerDay) {
      throw binanceError.tooManyOrders(
        BINANCE_LIMITS.ordersPerDay,
        "1 DAY",
        this.#ordersDay.secondsLeft(nowMs),
      );
    }
  }

  /** Counts an accepted order. */
  countOrder(): void {
    this.#orders10s.add(this.#clock.nowMs(), 1);
    this.#ordersDay.add(this.#clock.nowMs(), 1);
  }

  /** The header that every answer carries. */
  weightHeaders(): Record<string, string> {
    return { "x-mbx-used-weight-1m": String(this.#weight.add(this.#clock.nowMs(), 0)) };
  }

  /** The headers of a successful order. */
  orderHeaders(): Record<string, string> {
    const nowMs = this.#clock.nowMs();
    return {
      "x-mbx-order-count-10s": String(this.#orders10s.add(nowMs, 0)),
      "x-mbx-order-count-1d": String(this.#ordersDay.add(nowMs, 0)),
    };
  }
}
