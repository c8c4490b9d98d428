import { signBinance } from "../binance/rest/authentication.ts";
import type { RunningExchanges } from "../start-exchanges.ts";

/** An answer of the REST stub, as tests read it. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself which shape it expects
  readonly body: any;
}

/** A plain REST client of the Binance stub, which signs as the venue's own clients do. */
export class BinanceTestClient {
  readonly #base: string;

  constructor(exchanges: RunningExchanges) {
    this.#base = `http://127.0.0.1:${exchanges.addresses.binance.restPort}`;
  }

  /** Sends a request unchanged. */
  async send(
    method: string,
    path: string,
    options: { headers?: Record<string, string>; body?: string } = {},
  ) {
    const response = await fetch(this.#base + path, { method, ...options });
    return { status: response.status, headers: response.headers, body: await response.json() } as RestAnswer;
  }

  /** Sends a signed request with its parameters in the query. */
  async signed(method: string, path: string, parameters: Record<string, string | number> = {}) {
    const query = this.query({ timestamp: Date.now(), ...parameters });
    return this.send(method, `${path}?${query}`, { headers: this.headers });
  }

  /** Places an order; by default a LIMIT purchase of 0.001 BTC far below the market. */
  async order(parameters: Record<string, string | number> = {}) {
    const limit = { type: "LIMIT", timeInForce: "GTC", price: "30000.00" };
    const base = parameters.type === undefined || parameters.type === "LIMIT" ? limit : {};
    return this.signed("POST", "/api/v3/order", {
      symbol: "BTCUSDT",
      side: "BUY",
      quantity: "0.001",
      ...base,
      ...parameters,
    });
  }

  /** A signed query string. */
  query(parameters: Record<string, string | number>): string {
    const query = new URLSearchParams(
      Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
    return `${query}&signature=${signBinance(query, "kanit-binance-secret")}`;
  }

  get headers(): Record<string, string> {
    return { "x-mbx-apikey": "kanit-binance-key" };
  }
}
