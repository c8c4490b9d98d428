import type { Random } from "../../core/index.ts";

/** The keys by which the platform signs its calls to the stubs. They open nothing outside the lab. */
export interface VenueCredentials {
  readonly binanceKey: string;
  readonly binanceSecret: string;
  readonly btcturkKey: string;
  /** Base64, as BTCTurk hands it out. */
  readonly btcturkSecret: string;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BINANCE_LENGTH = 64;
const BTCTURK_SECRET_BYTES = 32;

/** Makes keys in each venue's own form. */
export function makeCredentials(random: Random): VenueCredentials {
  const text = (length: number) =>
    Array.from({ length }, () => ALPHABET[random.below(ALPHABET.length)]).join("");
  const bytes = Uint8Array.from({ length: BTCTURK_SECRET_BYTES }, () => random.below(256));
  return {
    binanceKey: text(BINANCE_LENGTH),
    binanceSecret: text(BINANCE_LENGTH),
    btcturkKey: text(36),
    btcturkSecret: Buffer.from(bytes).toString("base64"),
  };
}
