import { signBinance } from "../binance/rest/authentication.ts";
import type { RunningExchanges } from "../start-exchanges.ts";
import { TestSocket } from "./socket.ts";

/** Signs a payload and returns the signature. */
export type Signer = (payload: string) => string;

const signHmac: Signer = (payload) => signBinance(payload, "kanit-binance-secret");

/** A plain client of the Binance stub's WebSocket API. */
export class BinanceApiTestClient implements AsyncDisposable {
  readonly socket: TestSocket;
  readonly #sign: Signer;
  #nextId = 1;

  private constructor(socket: TestSocket, sign: Signer) {
    this.socket = socket;
    this.#sign = sign;
  }

  static async open(
    exchanges: RunningExchanges,
    { query = "", sign = signHmac } = {},
  ): Promise<BinanceApiTestClient> {
    const url = `ws://127.0.0.1:${exchanges.addresses.binance.wsPort}/ws-api/v3${query}`;
    return new BinanceApiTestClient(await TestSocket.open(url), sign);
  }

  /** The received events of the account, without their envelopes. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself which shape it expects
  get events(): any[] {
    return this.socket.parsed.filter(({ event }) => event !== undefined).map(({ event }) => event);
  }

  /** Sends a request unchanged and returns its answer. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself which shape it expects
  async call(method: string, params: Record<string, unknown> = {}): Promise<any> {
    const id = this.#nextId++;
    this.socket.send({ id, method, params });
    return this.socket.message((message) => message.id === id);
  }

  /** Sends a signed request. */
  async signed(method: string, params: Record<string, unknown> = {}) {
    const all: Record<string, unknown> = { ...params, apiKey: "kanit-binance-key", timestamp: Date.now() };
    const payload = Object.keys(all)
      .sort()
      .map((name) => `${name}=${all[name]}`)
      .join("&");
    return this.call(method, { ...all, signature: this.#sign(payload) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.socket[Symbol.asyncDispose]();
  }
}
