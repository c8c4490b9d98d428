import type { LooseExchangesOptions } from "../options.ts";
import { type RunningExchanges, startExchanges } from "../start-exchanges.ts";
import { ControlTestClient } from "../testing/control-client.ts";

/** The account's credentials at the stubs. */
export interface Credentials {
  readonly apiKey: string;
  readonly apiSecret: string;
}

export const BINANCE_CREDENTIALS: Credentials = {
  apiKey: "kanit-binance-key",
  apiSecret: "kanit-binance-secret",
};
export const BTCTURK_CREDENTIALS: Credentials = {
  apiKey: "kanit-btcturk-key",
  apiSecret: "a2FuaXQtYnRjdHVyay1zZWNyZXQ=",
};

/** The stubs as a client's tests use them, on the synthetic tape, which is played fast. */
export interface ClientStub extends AsyncDisposable {
  readonly exchanges: RunningExchanges;
  readonly control: ControlTestClient;
  /** Base URLs, without a slash at the end. */
  readonly binance: { readonly rest: string; readonly ws: string };
  readonly btcturk: { readonly rest: string };
  /** Halts the tape, so that received frames can be compared with what REST returns. */
  pause(): Promise<void>;
}

/** Starts the stubs for a real client. */
export async function startClientStub(options: LooseExchangesOptions = {}): Promise<ClientStub> {
  const exchanges = await startExchanges({ seed: 5, tapeSpeed: 10, ...options });
  await exchanges.ready;
  const control = new ControlTestClient(exchanges);
  const { binance, btcturk } = exchanges.addresses;
  return {
    exchanges,
    control,
    binance: { rest: `http://127.0.0.1:${binance.restPort}`, ws: `ws://127.0.0.1:${binance.wsPort}` },
    btcturk: { rest: `http://127.0.0.1:${btcturk.restPort}` },
    pause: async () => {
      await control.send("POST", "/pause");
    },
    [Symbol.asyncDispose]: () => exchanges.stop(),
  };
}

/** More requests than the venue's weight limit and its tolerance after the first 429 allow. */
const MOST_REQUESTS = 1_000;

/** Repeats a request until it is refused. Returns the client's error. */
export async function refusedAtLast(request: () => Promise<unknown>): Promise<unknown> {
  for (let count = 0; count < MOST_REQUESTS; count++) {
    try {
      await request();
    } catch (error) {
      return error;
    }
  }
  throw new RangeError(`Expected a refusal within ${MOST_REQUESTS} requests, got none.`);
}

/** Repeats a request until it is refused in the wanted way, ignoring other refusals. Returns the error. */
export async function bannedAtLast(
  request: () => Promise<unknown>,
  isBan: (error: unknown) => boolean,
): Promise<unknown> {
  for (let count = 0; count < MOST_REQUESTS; count++) {
    const error = await refusedAtLast(request);
    if (isBan(error)) return error;
  }
  throw new RangeError(`Expected a ban within ${MOST_REQUESTS} refusals, got none.`);
}
