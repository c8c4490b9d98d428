import { UsageError } from "../../core/index.ts";

/** A place in the write-ahead log: bytes since its beginning. */
export type Lsn = bigint;

const LSN = /^([0-9a-f]{1,8})\/([0-9a-f]{1,8})$/i;
const HALF_BITS = 32n;
const HALF = (1n << HALF_BITS) - 1n;

/**
 * Reads a place as Postgres writes it: `16/B374D848`.
 *
 * @throws UsageError `bad-lsn`
 */
export function parseLsn(text: string): Lsn {
  const [, high, low] = LSN.exec(text.trim()) ?? [];
  if (high === undefined || low === undefined) {
    throw new UsageError({
      code: "bad-lsn",
      message: `Expected a place in the write-ahead log such as 16/B374D848, got ${JSON.stringify(text)}.`,
      nextStep: "SELECT pg_current_wal_lsn() shows one.",
    });
  }
  return (BigInt(`0x${high}`) << HALF_BITS) + BigInt(`0x${low}`);
}

/** The place as Postgres writes it. */
export function formatLsn(lsn: Lsn): string {
  return `${(lsn >> HALF_BITS).toString(16).toUpperCase()}/${(lsn & HALF).toString(16).toUpperCase()}`;
}
