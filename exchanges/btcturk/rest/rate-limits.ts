import type { Clock } from "../../../core/index.ts";
import type { HttpReply } from "../../http/http-server.ts";
import { type Quota, quotaExceededReply } from "../btcturk-error.ts";

/** Whether exceeding a limit is answered with 429, or nothing is counted. */
export type RateLimitMode = "counted" | "enforced";

interface Limit {
  readonly maximum: number;
  readonly periodMs: number;
  /** The period as the answer names it. */
  readonly period: string;
}

interface Rule {
  readonly matches: (endpoint: string) => boolean;
  /** Whose requests are counted: for orders by account and IP address, otherwise by IP address. */
  readonly policy: Quota["policy"];
  readonly limits: readonly Limit[];
}

const perMinute = (maximum: number): Limit => ({ maximum, periodMs: 60_000, period: "1m" });
const perSecond = (maximum: number): Limit => ({ maximum, periodMs: 1_000, period: "1s" });

const CONNECTS = perMinute(15);

/** The venue's limits (reference: docs.btcturk.com, "Rate Limits"). */
const RULES: readonly Rule[] = [
  rule(["POST /api/v1/order"], "account-ip", perMinute(300), perSecond(10)),
  rule(["DELETE /api/v1/order"], "account-ip", perMinute(300), perSecond(10)),
  rule(["GET /api/v1/order/{id}"], "account-ip", perMinute(900), perSecond(30)),
  rule(["GET /api/v1/openOrders"], "account-ip", perMinute(300)),
  rule(["GET /api/v1/allOrders"], "account-ip", perMinute(300)),
  rule(["GET /api/v1/users/balances"], "account-ip", perMinute(120)),
  rule(["GET /api/v2/ticker", "GET /api/v2/ticker/currency"], "ip", perMinute(600)),
  rule(["GET /api/v2/orderbook"], "ip", perMinute(180)),
  rule(["GET /v1/ohlcs"], "ip", perMinute(120)),
  {
    matches: (endpoint) => endpoint.startsWith("GET /v1/"),
    policy: "ip",
    limits: [{ maximum: 600, periodMs: 600_000, period: "10m" }],
  },
];

function rule(endpoints: readonly string[], policy: Rule["policy"], ...limits: readonly Limit[]): Rule {
  return { matches: (endpoint) => endpoints.includes(endpoint), policy, limits };
}

/** One client's use of the venue's limits, in windows that begin with their first request. */
export class BtcturkRateLimits {
  readonly #clock: Clock;
  readonly #mode: RateLimitMode;
  #connectBlockedUntilMs = 0;
  readonly #windows = new Map<Limit, { startMs: number; count: number }>();

  constructor(clock: Clock, mode: RateLimitMode) {
    this.#clock = clock;
    this.#mode = mode;
  }

  /** Counts a request to an endpoint. Returns the 429 when it exceeds a limit. */
  refusal(endpoint: string): HttpReply | undefined {
    if (this.#mode === "counted") return undefined;
    let refusal: HttpReply | undefined;
    for (const { matches, policy, limits } of RULES) {
      if (!matches(endpoint)) continue;
      for (const limit of limits) refusal ??= this.#count(limit, policy);
    }
    return refusal;
  }

  /** Counts a connection to the feed. After too many in a minute, all are refused for another minute. */
  mayConnect(): boolean {
    if (this.#mode === "counted") return true;
    const nowMs = this.#clock.nowMs();
    if (nowMs < this.#connectBlockedUntilMs) return false;
    if (this.#count(CONNECTS, "ip") === undefined) return true;
    this.#connectBlockedUntilMs = nowMs + CONNECTS.periodMs;
    return false;
  }

  #count(limit: Limit, policy: Rule["policy"]): HttpReply | undefined {
    const nowMs = this.#clock.nowMs();
    const held = this.#windows.get(limit);
    const isOver = held === undefined || nowMs - held.startMs >= limit.periodMs;
    const window = isOver ? { startMs: nowMs, count: 0 } : held;
    window.count++;
    this.#windows.set(limit, window);
    if (window.count <= limit.maximum) return undefined;
    const retryAfterS = Math.max(1, Math.ceil((window.startMs + limit.periodMs - nowMs) / 1_000));
    return quotaExceededReply({ ...limit, policy }, retryAfterS);
  }
}
