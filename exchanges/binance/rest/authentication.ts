import { createHmac, createPublicKey, timingSafeEqual, verify } from "node:crypto";
import type { Clock } from "../../../core/index.ts";
import type { HttpRequest } from "../../http/http-server.ts";
import { binanceError } from "../binance-error.ts";
import type { Parameters } from "./parameters.ts";

/** An account's API key and what is needed to verify its signatures. */
export interface BinanceCredentials {
  readonly apiKey: string;
  /** For an HMAC key the secret; for an Ed25519 or RSA key the public key in PEM. */
  readonly apiSecret: string;
}

/** The kinds of API keys that the venue issues. */
export type KeyKind = "hmac" | "ed25519" | "rsa";

const DEFAULT_RECV_WINDOW_MS = 5_000;
const MAX_RECV_WINDOW_MS = 60_000;
const AHEAD_MS = 1_000;
const KEY_FORMAT = /^[A-Za-z0-9_-]{1,128}$/;
const RECV_WINDOW = "^[0-9]{1,5}(\\.[0-9]{1,3})?$";
const PEM_START = "-----BEGIN PUBLIC KEY-----";

/** The venue's HMAC signature: SHA-256, in hex, over the query string and the body without a separator. */
export function signBinance(payload: string, apiSecret: string): string {
  return createHmac("sha256", apiSecret).update(payload).digest("hex");
}

/** The kind of an account's key. */
export function keyKindOf({ apiSecret }: BinanceCredentials): KeyKind {
  if (!apiSecret.startsWith(PEM_START)) return "hmac";
  return createPublicKey(apiSecret).asymmetricKeyType === "ed25519" ? "ed25519" : "rsa";
}

/** Checks the API key. Throws -2014 for a malformed key, -2015 for one that is not the account's. */
export function checkApiKey(apiKey: unknown, credentials: BinanceCredentials): void {
  if (typeof apiKey !== "string" || !KEY_FORMAT.test(apiKey)) throw binanceError.badKeyFormat();
  if (apiKey !== credentials.apiKey) throw binanceError.rejectedKey();
}

/** Checks key, time and signature of a signed request. Throws -2014, -2015, -1102, -1131, -1021 or -1022. */
export function checkSigned(
  request: HttpRequest,
  parameters: Parameters,
  credentials: BinanceCredentials,
  clock: Clock,
): void {
  checkApiKey(request.headers["x-mbx-apikey"], credentials);
  parameters.mandatory("timestamp");
  parameters.mandatory("signature");
  checkTime(parameters, clock);
  const payload = withoutSignature(request.query) + withoutSignature(request.body);
  checkSignature([payload], parameters.mandatory("signature"), credentials);
}

/** Checks a request's time. Throws -1102, -1131 or -1021. */
export function checkTime(parameters: Parameters, clock: Clock): void {
  const timestampMs = parameters.timeMs("timestamp");
  if (timestampMs === undefined) throw binanceError.missing("timestamp");
  const recvWindowText = parameters.matching("recvWindow", RECV_WINDOW);
  const recvWindowMs = recvWindowText === undefined ? DEFAULT_RECV_WINDOW_MS : Number(recvWindowText);
  if (recvWindowMs > MAX_RECV_WINDOW_MS) throw binanceError.recvWindowTooLarge();
  const serverMs = clock.nowMs();
  if (timestampMs >= serverMs + AHEAD_MS) throw binanceError.aheadOfServer();
  if (serverMs - timestampMs > recvWindowMs) throw binanceError.outsideRecvWindow();
}

/** Checks that a signature belongs to one of the payloads. Throws -1022. */
export function checkSignature(
  payloads: readonly string[],
  signature: string,
  credentials: BinanceCredentials,
): void {
  const kind = keyKindOf(credentials);
  if (!payloads.some((payload) => isSignatureOf(payload, signature, kind, credentials.apiSecret))) {
    throw binanceError.invalidSignature();
  }
}

function isSignatureOf(payload: string, signature: string, kind: KeyKind, secret: string): boolean {
  if (kind === "hmac") return sameHex(signBinance(payload, secret), signature);
  // When a client does not escape the `+` of base64, it arrives as a space.
  const bytes = Buffer.from(signature.replaceAll(" ", "+"), "base64");
  return verify(kind === "ed25519" ? null : "sha256", Buffer.from(payload), secret, bytes);
}

function withoutSignature(encoded: string): string {
  if (!encoded.includes("signature=")) return encoded;
  return encoded
    .split("&")
    .filter((pair) => !pair.startsWith("signature="))
    .join("&");
}

function sameHex(expected: string, given: string): boolean {
  const left = Buffer.from(expected);
  const right = Buffer.from(given.toLowerCase());
  return left.length === right.length && timingSafeEqual(left, right);
}
