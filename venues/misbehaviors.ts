import { FEED_NAMES, type VenueName } from "./table.ts";

/** The misbehaviors of the stubs, and the venues at which each was observed. `exchanges/` implements them. */
export const MISBEHAVIOR_VENUES = {
  "ack-lost": ["binance", "btcturk"],
  "auth-error-success-true": ["btcturk"],
  "backend-timeout": ["binance"],
  "cancel-only": ["binance"],
  "clock-skew": ["binance", "btcturk"],
  "day-cut": ["binance"],
  "dotless-event": ["btcturk"],
  "fill-before-cancel": ["binance"],
  "frozen-quotes": ["bist"],
  gap: FEED_NAMES,
  "html-504": ["btcturk"],
  "internal-error": ["btcturk"],
  "ip-ban": ["binance"],
  "late-fill": ["btcturk"],
  "late-reply": ["btcturk"],
  "listen-key-expired": ["binance"],
  maintenance: ["binance"],
  "market-halted": ["binance"],
  "missing-delete": ["btcturk"],
  "non-ascii-symbol": ["binance"],
  "order-ended-by-venue": ["binance"],
  "order-failed": ["btcturk"],
  "partial-fill-before-cancel": ["binance"],
  "phantom-delete": ["btcturk"],
  "quota-exceeded": ["btcturk"],
  "read-lag": ["binance"],
  "server-shutdown": ["binance"],
  "shallow-snapshot": ["binance"],
  "silent-stream": FEED_NAMES,
  "stale-book": ["btcturk"],
  "stale-snapshot": ["binance"],
  "symbol-halted": ["bist"],
  "tick-size-changed": ["binance"],
  "too-many-orders": ["binance"],
  "too-much-weight": ["binance"],
  "trade-off-book": ["btcturk"],
  "unknown-status-503": ["binance", "btcturk"],
  "unlock-lag": ["btcturk"],
  "user-events-coalesced": ["binance"],
  "user-events-duplicated": ["binance"],
  "user-events-late": ["binance"],
  "user-events-out-of-order": ["binance"],
  "zero-last-quantity": ["binance"],
  "zombie-order": ["btcturk"],
} as const satisfies Readonly<Record<string, readonly VenueName[]>>;

export type MisbehaviorName = keyof typeof MISBEHAVIOR_VENUES;

/** The misbehaviors of a venue, by name. */
export function misbehaviorsOf(venue: VenueName): readonly MisbehaviorName[] {
  const names = Object.keys(MISBEHAVIOR_VENUES) as readonly MisbehaviorName[];
  return names.filter((name) => venuesOf(name).includes(venue));
}

/** The venues at which a misbehavior was seen. */
export function venuesOf(misbehavior: MisbehaviorName): readonly VenueName[] {
  return MISBEHAVIOR_VENUES[misbehavior];
}
