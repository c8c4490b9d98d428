import { createHmac } from "node:crypto";

/** Binance: HMAC-SHA256 in hex over the percent-encoded parameters. */
export function signBinance(query: string, secret: string): string {
  return createHmac("sha256", secret).update(query).digest("hex");
}

/** BTCTurk: base64 of the HMAC-SHA256 of public key and stamp, keyed with the base64-decoded private key. */
export function signBtcturk(publicKey: string, stampMs: number, privateKey: string): string {
  return createHmac("sha256", Buffer.from(privateKey, "base64"))
    .update(`${publicKey}${stampMs}`)
    .digest("base64");
}
