import { signBinance, signBtcturk } from "../../platform/index.ts";
import type { Credentials } from "./venue-under-verification.ts";

/** The parts of a request that signing changes. */
export interface SignableRequest {
  url: string;
  readonly headers: Record<string, string | string[] | undefined>;
}

/**
 * Signs a request of a pact again, since the example's timestamp is old and its key is not real. Requests
 * without a key are public and stay unchanged.
 */
export function signForBinance(request: SignableRequest, credentials: Credentials, nowMs: number): void {
  if (request.headers["x-mbx-apikey"] === undefined) return;
  const [path = "", query = ""] = request.url.split("?");
  const parameters = new URLSearchParams(query);
  parameters.set("timestamp", String(nowMs));
  parameters.delete("signature");
  const signature = signBinance(parameters.toString(), credentials.secret);
  request.url = `${path}?${parameters}&signature=${signature}`;
  request.headers["x-mbx-apikey"] = credentials.key;
}

/** Returns increasing stamps, since BTCTurk accepts each signature once and it covers only the stamp. */
export class BtcturkSigner {
  #lastStampMs = 0;

  sign(request: SignableRequest, credentials: Credentials, nowMs: number): void {
    if (request.headers["x-pck"] === undefined) return;
    this.#lastStampMs = Math.max(nowMs, this.#lastStampMs + 1);
    request.headers["x-pck"] = credentials.key;
    request.headers["x-stamp"] = String(this.#lastStampMs);
    request.headers["x-signature"] = signBtcturk(credentials.key, this.#lastStampMs, credentials.secret);
  }
}
