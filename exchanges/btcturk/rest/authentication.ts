import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../../core/index.ts";
import type { HttpRequest } from "../../http/http-server.ts";
import { btcturkError } from "../btcturk-error.ts";

/** An account's keys; the private key is base64. */
export interface BtcturkCredentials {
  readonly publicKey: string;
  readonly privateKey: string;
}

const STAMP_TOLERANCE_MS = 5_000;
const NONCE_MS = { least: 100, most: 60_000 } as const;

/** The venue's signature: HMAC-SHA256 over public key and stamp, with the decoded private key, in base64. */
export function signBtcturk(credentials: BtcturkCredentials, stampMs: string): string {
  const key = Buffer.from(credentials.privateKey, "base64");
  return createHmac("sha256", key)
    .update(credentials.publicKey + stampMs)
    .digest("base64");
}

/** Checks signed requests, and remembers their signatures: each may be used once. */
export class BtcturkAuthentication {
  readonly #credentials: BtcturkCredentials;
  readonly #clock: Clock;
  /** Used signatures, oldest first, with the time from which their stamp alone is too old. */
  readonly #used = new Map<string, number>();

  constructor(credentials: BtcturkCredentials, clock: Clock) {
    this.#credentials = credentials;
    this.#clock = clock;
  }

  /** Throws 401 for a wrong key, a stamp more than 5 s off, and a wrong or repeated signature. */
  check({ headers }: HttpRequest): void {
    const { "x-pck": publicKey, "x-stamp": stamp, "x-signature": signature } = headers;
    if (publicKey !== this.#credentials.publicKey) throw btcturkError.unauthorized("Public Key");
    const nowMs = this.#clock.nowMs();
    const isStamp = typeof stamp === "string" && /^\d{13}$/.test(stamp);
    if (!isStamp || Math.abs(nowMs - Number(stamp)) > STAMP_TOLERANCE_MS)
      throw btcturkError.unauthorized("Nonce");
    const expected = signBtcturk(this.#credentials, stamp);
    if (typeof signature !== "string" || !same(expected, signature))
      throw btcturkError.unauthorized("Signature");
    this.#forgetExpired(nowMs);
    if (this.#used.has(expected)) throw btcturkError.unauthorized("Nonce");
    this.#used.set(expected, Number(stamp) + STAMP_TOLERANCE_MS);
  }

  /**
   * Checks a login to the feed, whose signature covers public key and nonce, and returns the reason when it
   * is refused. The nonce is the tolerance of the stamp in ms, from 100 to 60000.
   */
  loginRefusal(login: {
    publicKey: string;
    timestamp: number;
    nonce: number;
    signature: string;
  }): string | undefined {
    const { publicKey, timestamp, nonce, signature } = login;
    if (publicKey !== this.#credentials.publicKey) return "Unauthorized - Invalid Public Key";
    const isWithin = Math.abs(this.#clock.nowMs() - timestamp) <= nonce;
    if (nonce < NONCE_MS.least || nonce > NONCE_MS.most || !isWithin) return "Unauthorized - Invalid Nonce";
    const expected = signBtcturk(this.#credentials, String(nonce));
    return same(expected, signature) ? undefined : "Unauthorized - Invalid Signature";
  }

  #forgetExpired(nowMs: number): void {
    for (const [signature, untilMs] of this.#used) {
      if (untilMs >= nowMs) return;
      this.#used.delete(signature);
    }
  }
}

function same(expected: string, given: string): boolean {
  const left = Buffer.from(expected);
  const right = Buffer.from(given);
  return left.length === right.length && timingSafeEqual(left, right);
}
