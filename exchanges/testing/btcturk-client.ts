import { signBtcturk } from "../btcturk/rest/authentication.ts";
import type { RunningExchanges } from "../start-exchanges.ts";
import type { RestAnswer } from "./binance-client.ts";
import { TestSocket } from "./socket.ts";

const CREDENTIALS = { publicKey: "kanit-btcturk-key", privateKey: "a2FuaXQtYnRjdHVyay1zZWNyZXQ=" };

/** A plain REST client of the BTCTurk stub. */
export class BtcturkTestClient {
  readonly #base: string;
  readonly #feedUrl: string;
  #lastStampMs = 0;

  constructor(exchanges: RunningExchanges) {
    this.#base = `http://127.0.0.1:${exchanges.addresses.btcturk.restPort}`;
    this.#feedUrl = `ws://127.0.0.1:${exchanges.addresses.btcturk.wsPort}`;
  }

  /** Opens the feed and logs in, to receive the account's frames. */
  async login(): Promise<TestSocket> {
    const socket = await TestSocket.open(this.#feedUrl);
    socket.send(this.loginFrame());
    const [, { ok, message }] = await socket.message(([type]) => type === 114);
    if (ok !== true) throw new Error(`Expected to be logged in, got: ${message}.`);
    return socket;
  }

  /** A login to the feed; its nonce is the tolerance of the stamp in ms. */
  loginFrame(change: Readonly<Record<string, unknown>> = {}) {
    const { publicKey } = CREDENTIALS;
    const nonce = 3_000;
    const signature = signBtcturk(CREDENTIALS, String(nonce));
    return [114, { type: 114, publicKey, timestamp: Date.now(), nonce, signature, ...change }];
  }

  async send(method: string, path: string, headers: Record<string, string> = {}, body?: unknown) {
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    const response = await fetch(this.#base + path, init);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : text,
    } as RestAnswer;
  }

  async signed(method: string, path: string, body?: unknown) {
    return this.send(method, path, this.headers(), body);
  }

  /** Places an order; by default a limit purchase of 0.001 BTC far below the market. */
  async order(fields: Record<string, unknown> = {}) {
    const base = {
      pairSymbol: "BTCUSDT",
      orderType: "buy",
      orderMethod: "limit",
      quantity: "0.001",
      price: "30000",
    };
    return this.signed("POST", "/api/v1/order", { ...base, ...fields });
  }

  /** Headers of a signed request; each has a different stamp, since a signature may be used only once. */
  headers(stampMs = Math.max(Date.now(), this.#lastStampMs + 1)): Record<string, string> {
    this.#lastStampMs = stampMs;
    return {
      "x-pck": CREDENTIALS.publicKey,
      "x-stamp": String(stampMs),
      "x-signature": signBtcturk(CREDENTIALS, String(stampMs)),
      "content-type": "application/json",
    };
  }
}
