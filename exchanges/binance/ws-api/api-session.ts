import type { Clock } from "../../../core/index.ts";
import { binanceError } from "../binance-error.ts";
import {
  type BinanceCredentials,
  checkApiKey,
  checkSignature,
  checkTime,
  keyKindOf,
} from "../rest/authentication.ts";
import type { Endpoint } from "../rest/context.ts";
import { type ApiRequest, signedPayloads } from "./api-request.ts";

/** The identity of a connection of the WebSocket API: none until it has logged on. */
export class ApiSession {
  readonly #credentials: BinanceCredentials;
  readonly #clock: Clock;
  readonly #connectedSinceMs: number;
  readonly #returnsRateLimits: boolean;
  #authorizedSinceMs: number | null = null;

  constructor(credentials: BinanceCredentials, clock: Clock, returnsRateLimits: boolean) {
    this.#credentials = credentials;
    this.#clock = clock;
    this.#connectedSinceMs = Math.floor(clock.nowMs());
    this.#returnsRateLimits = returnsRateLimits;
  }

  get isLoggedOn(): boolean {
    return this.#authorizedSinceMs !== null;
  }

  /**
   * Logs on. Throws -4056 for an HMAC key, since only Ed25519 keys are allowed; otherwise like {@link
   * checkSigned}.
   */
  logOn(request: ApiRequest): void {
    this.checkSigned(request);
    if (keyKindOf(this.#credentials) !== "ed25519") throw binanceError.hmacNotSupported();
    this.#authorizedSinceMs = Math.floor(this.#clock.nowMs());
  }

  logOut(): void {
    this.#authorizedSinceMs = null;
  }

  /** The session as `session.status` returns it. */
  view(hasUserDataStream: boolean): Record<string, unknown> {
    return {
      apiKey: this.isLoggedOn ? this.#credentials.apiKey : null,
      authorizedSince: this.#authorizedSinceMs,
      connectedSince: this.#connectedSinceMs,
      returnRateLimits: this.#returnsRateLimits,
      serverTime: Math.floor(this.#clock.nowMs()),
      userDataStream: hasUserDataStream,
    };
  }

  /** Checks that a request may use an endpoint. A logged-on session needs no key and no signature. */
  authorize(request: ApiRequest, access: Endpoint["access"]): void {
    if (access === "public") return;
    const isOwn = request.params.apiKey === undefined && request.params.signature === undefined;
    if (this.isLoggedOn && isOwn) {
      if (access === "signed") checkTime(request.parameters, this.#clock);
      return;
    }
    if (access === "signed") this.checkSigned(request);
    else checkApiKey(request.parameters.mandatory("apiKey"), this.#credentials);
  }

  /** Checks key, time and signature. Throws -1102, -2014, -2015, -1131, -1021 or -1022. */
  checkSigned({ params, parameters }: ApiRequest): void {
    checkApiKey(parameters.mandatory("apiKey"), this.#credentials);
    const signature = parameters.mandatory("signature");
    checkTime(parameters, this.#clock);
    checkSignature(signedPayloads(params), signature, this.#credentials);
  }
}
