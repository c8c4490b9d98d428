import { MatchersV3 } from "@pact-foundation/pact";
import { REFERENCE } from "./contract-order.ts";
import { type HttpContract, JSON_HEADERS } from "./http-contract.ts";

const { regex, string } = MatchersV3;

export const SIGNED = {
  "x-pck": string("key"),
  "x-stamp": regex("^\\d{13}$", "1700000000000"),
  "x-signature": regex("^[A-Za-z0-9+/]{43}=$", `${"A".repeat(43)}=`),
};
export const STATUS = "^(Untouched|Partial|Closed|Canceled)$";

/** The order, once the venue has returned its id. */
export const KNOWN_REFERENCE = { ...REFERENCE, venueOrderId: "28" };

export function success(data: unknown): HttpContract["response"] {
  return {
    status: 200,
    headers: JSON_HEADERS,
    body: { success: true, code: 0, data } as HttpContract["response"]["body"],
  };
}

/** The platform acts on the code; the venue's message is only an example. */
export function refusal(status: number, code: number, message: string): HttpContract["response"] {
  return { status, headers: JSON_HEADERS, body: { success: false, code, message: string(message) } };
}
