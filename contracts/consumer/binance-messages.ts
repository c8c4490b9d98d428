import { MatchersV3 } from "@pact-foundation/pact";
import { CLIENT_ORDER_ID } from "./contract-order.ts";
import { decimalText, type HttpContract, JSON_HEADERS } from "./http-contract.ts";

const { integer, regex, string } = MatchersV3;

const TIMESTAMP = regex("^\\d{13}$", "1700000000000");
const SIGNATURE = regex("^[0-9a-f]{64}$", "0".repeat(64));
export const API_KEY = { "x-mbx-apikey": string("key") };
export const TIMED = { recvWindow: "5000", timestamp: TIMESTAMP, signature: SIGNATURE };
const STATUS =
  "^(NEW|PENDING_NEW|PARTIALLY_FILLED|PENDING_CANCEL|FILLED|CANCELED|REJECTED|EXPIRED|EXPIRED_IN_MATCH)$";

export const LIMIT_QUERY = {
  symbol: "BTCUSDT",
  side: "BUY",
  type: "LIMIT",
  timeInForce: "GTC",
  price: "30000",
  quantity: "0.001",
  newClientOrderId: CLIENT_ORDER_ID,
  newOrderRespType: "FULL",
  ...TIMED,
};

export const order = (status: string) => ({
  orderId: integer(28),
  clientOrderId: CLIENT_ORDER_ID,
  status: regex(STATUS, status),
  executedQty: decimalText("0.00000000"),
});

export const FILL = {
  price: decimalText("60000.00"),
  qty: decimalText("0.001"),
  commission: decimalText("0.00000100"),
  commissionAsset: string("BTC"),
  tradeId: integer(56),
};

export function answer(status: number, body: HttpContract["response"]["body"]): HttpContract["response"] {
  return { status, headers: JSON_HEADERS, body };
}

/** The platform acts on the code; the venue's message is only an example. */
export function venueError(code: number, message: string) {
  return { code, msg: string(message) };
}

export function refusal(status: number, code: number, message: string): HttpContract["response"] {
  return answer(status, venueError(code, message));
}

export function withRetryAfter(response: HttpContract["response"]): HttpContract["response"] {
  return { ...response, headers: { ...response.headers, "Retry-After": regex("^\\d+$", "1") } };
}
