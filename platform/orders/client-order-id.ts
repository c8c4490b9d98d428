import { createHash } from "node:crypto";

const KEY_BYTES = 16;
const ACCOUNT_BYTES = 6;
const VERSION_BYTE = 6;
const VARIANT_BYTE = 8;
/** Sixteen bytes and six, as base64url: 34 characters of the 36 that Binance allows. */
const PATTERN = /^sp-([\w-]{22})-([\w-]{8})$/;

/**
 * The client order id for an account's key. It is derived from the key and not random, so that an attempt
 * that takes over after a crash knows which id to look up. It names the account too: a venue shows no more of an
 * order than this id when the database has forgotten it.
 */
export function clientOrderIdOf(accountId: string, key: string): string {
  return `sp-${digest(`${accountId}\0${key}`, KEY_BYTES).toString("base64url")}-${accountMarkOf(accountId)}`;
}

/**
 * The platform's own id of an order, derived from its client order id: an order that is found again at its venue has
 * the id that clients were answered.
 */
export function orderIdOf(clientOrderId: string): string {
  const bytes = digest(clientOrderId, KEY_BYTES);
  // A UUID of version 8 (RFC 9562): its bits are of our own making.
  bytes[VERSION_BYTE] = ((bytes[VERSION_BYTE] ?? 0) & 0x0f) | 0x80;
  bytes[VARIANT_BYTE] = ((bytes[VARIANT_BYTE] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** What a client order id shows of its account: enough to recognize one that is known. */
export function accountMarkOf(accountId: string): string {
  return digest(accountId, ACCOUNT_BYTES).toString("base64url");
}

/** The mark of the account whose order this is; null for an order that is not the platform's. */
export function accountMarkIn(clientOrderId: string): string | null {
  return PATTERN.exec(clientOrderId)?.[2] ?? null;
}

function digest(text: string, bytes: number): Buffer {
  return createHash("sha256").update(text).digest().subarray(0, bytes);
}
