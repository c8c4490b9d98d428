/**
 * The links of the topology: every connection path, each a proxy of the fault proxy where faults are injected.
 * The picture is in docs/architecture.md.
 */
export const LINK_NAMES = [
  "api",
  "pgbouncer",
  "postgres",
  "binance-rest",
  "binance-ws",
  "btcturk-rest",
  "btcturk-ws",
  "bist-ws",
] as const;

export type LinkName = (typeof LINK_NAMES)[number];
