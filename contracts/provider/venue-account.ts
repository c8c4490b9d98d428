import { requireSuccess } from "./ask.ts";
import { BtcturkSigner, type SignableRequest, signForBinance } from "./sign-request.ts";
import type { VenueUnderVerification } from "./venue-under-verification.ts";

/** An order for a state, in terms that both venues share. */
export interface StateOrder {
  readonly symbol: string;
  readonly clientOrderId: string;
  readonly type: "limit" | "market";
  readonly quantity: string;
  /** Null for a market order. */
  readonly price: string | null;
}

/** The account at the venue: sets up states with ordinary API calls, as any client would. */
export class VenueAccount {
  readonly #venue: VenueUnderVerification;
  readonly #btcturkSigner = new BtcturkSigner();

  constructor(venue: VenueUnderVerification) {
    this.#venue = venue;
  }

  /** Buys, and returns the venue's order id. @throws UnavailableError when the venue refuses. */
  async buy(order: StateOrder): Promise<string> {
    return this.#venue.provider === "binance-spot" ? this.#buyAtBinance(order) : this.#buyAtBtcturk(order);
  }

  async #buyAtBinance({ symbol, clientOrderId, type, quantity, price }: StateOrder): Promise<string> {
    const query = new URLSearchParams({
      symbol,
      side: "BUY",
      type: type.toUpperCase(),
      ...(price === null ? {} : { timeInForce: "GTC", price }),
      quantity,
      newClientOrderId: clientOrderId,
    });
    const request: SignableRequest = {
      url: `/api/v3/order?${query}`,
      headers: { "x-mbx-apikey": this.#venue.key },
    };
    signForBinance(request, this.#venue, Date.now());
    const reply = (await this.#send(request)) as { readonly orderId: number };
    return String(reply.orderId);
  }

  async #buyAtBtcturk({ symbol, clientOrderId, type, quantity, price }: StateOrder): Promise<string> {
    const request: SignableRequest = {
      url: "/api/v1/order",
      headers: { "x-pck": this.#venue.key, "content-type": "application/json" },
    };
    this.#btcturkSigner.sign(request, this.#venue, Date.now());
    const body = JSON.stringify({
      // A market purchase is measured in the quote asset.
      quantity: type === "market" ? "100" : quantity,
      ...(price === null ? {} : { price }),
      newOrderClientId: clientOrderId,
      orderMethod: type,
      orderType: "buy",
      pairSymbol: symbol,
    });
    const reply = (await this.#send(request, body)) as {
      readonly data: { readonly id: number };
    };
    return String(reply.data.id);
  }

  async #send(request: SignableRequest, body?: string): Promise<unknown> {
    const headers = Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) =>
        typeof value === "string" ? [[name, value]] : [],
      ),
    );
    const { restUrl, allowedHosts } = this.#venue;
    const question = { method: "POST", headers, ...(body === undefined ? {} : { body }) } as const;
    return JSON.parse(await requireSuccess(`${restUrl}${request.url}`, allowedHosts, question));
  }
}
