import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../../core/index.ts";
import type { HttpRequest } from "../../http/http-server.ts";
import { binanceError } from "../binance-error.ts";
import type { Parameters } from "./parameters.ts";

/** An account's API key and secret. */
export interface BinanceCredentials {
  readonly apiKey: string;
  readonly apiSecret: string;
}

const DEFAULT_RECV_WINDOW_MS = 5_000;
const MAX_RECV_WINDOW_MS = 60_000;
const AHEAD_MS = 1_000;
const KEY_FORMAT = /^[A-Za-z0-9_-]{1,128}$/;
const RECV_WINDOW = "^[0-9]{1,5}(\\.[0-9]{1,3})?$";
/** From this size on a timestamp counts microseconds: as milliseconds it would lie 3,000 years ahead. */
const MICROSECONDS_FROM = 1e14;

/** The venue's signature: HMAC-SHA256, in hex, over the query string and the body without a separator. */
export function signBinance(payload: string, apiSecret: string): string {
  return createHmac("sha256", apiSecret).update(payload).digest("hex");
}

/** Checks the API key. Throws -2014 for a key of no valid form, -2015 for another account's. */
function checkApiKey(request: HttpRequest, credentials: BinanceCredentials): void {
  const apiKey = request.headers["x-mbx-apikey"];
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
  checkApiKey(request, credentials);
  const timestamp = Number(parameters.whole("timestamp") ?? parameters.mandatory("timestamp"));
  const signature = parameters.mandatory("signature");
  checkTime(timestamp, parameters, clock);
  const payload = withoutSignature(request.query) + withoutSignature(request.body);
  if (!sameHex(signBinance(payload, credentials.apiSecret), signature)) throw binanceError.invalidSignature();
}

function checkTime(timestamp: number, parameters: Parameters, clock: Clock): void {
  const recvWindowText = parameters.matching("recvWindow", RECV_WINDOW);
  const recvWindowMs = recvWindowText === undefined ? DEFAULT_RECV_WINDOW_MS : Number(recvWindowText);
  if (recvWindowMs > MAX_RECV_WINDOW_MS) throw binanceError.recvWindowTooLarge();
  const timestampMs = timestamp >= MICROSECONDS_FROM ? timestamp / 1_000 : timestamp;
  const serverMs = clock.nowMs();
  if (timestampMs >= serverMs + AHEAD_MS) throw binanceError.aheadOfServer();
  if (serverMs - timestampMs > recvWindowMs) throw binanceError.outsideRecvWindow();
}

function withoutSignature(encoded: string): string {
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
