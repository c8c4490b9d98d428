import fc from "fast-check";
import { signBinance } from "../../../exchanges/binance/rest/authentication.ts";
import { ENDPOINTS } from "../../../exchanges/binance/rest/endpoints.ts";
import type { RunningExchanges } from "../../../exchanges/start-exchanges.ts";
import { BtcturkTestClient } from "../../../exchanges/testing/btcturk-client.ts";
import { type FuzzTarget, SHARES, slowTarget } from "../fuzz-target.ts";
import { HttpCaller, shownBy } from "../http-caller.ts";
import { shapesOf } from "../json-shapes.ts";
import { startStubs } from "../stub-server.ts";

const BINANCE_KEY = "kanit-binance-key";
const BINANCE_SECRET = "kanit-binance-secret";

const ODD_PARAMETERS = [
  ...[
    "",
    "0",
    "-1",
    "1e9",
    "NaN",
    "9".repeat(50),
    "0.00000000001",
    "1e-300",
    "[",
    "[[[[",
    '["BTCUSDT"]',
    '["x"',
  ],
  ...[
    "%",
    "%ff",
    "null",
    "true",
    "__proto__",
    "constructor",
    "ı",
    "\u0000",
    "x".repeat(300),
    "1717243200000",
  ],
];
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  symbol: ["BTCUSDT", "ETHUSDT", "NOPE"],
  symbols: ['["BTCUSDT","ETHUSDT"]', '["NOPE"]'],
  ...{
    side: ["BUY", "SELL"],
    type: ["LIMIT", "MARKET", "LIMIT_MAKER", "STOP_LOSS"],
    timeInForce: ["GTC", "IOC"],
  },
  ...{
    quantity: ["0.001", "1000000"],
    quoteOrderQty: ["100"],
    price: ["60000", "0.01"],
    stopPrice: ["60000"],
  },
  ...{ orderId: ["1", "2"], origClientOrderId: ["me"], newClientOrderId: ["me"], cancelOrderId: ["1"] },
  ...{ cancelReplaceMode: ["STOP_ON_FAILURE", "ALLOW_FAILURE"], newOrderRespType: ["FULL", "ACK"] },
  ...{
    limit: ["5", "1000"],
    fromId: ["1"],
    startTime: ["1"],
    endTime: ["1717243200000"],
    recvWindow: ["5000"],
  },
  ...{ interval: ["1m", "1M", "1s"], timeZone: ["+03:00", "0"], windowSize: ["1h", "7d"], listenKey: ["x"] },
  ...{
    pairSymbol: ["BTCUSDT", "BTCTRY"],
    last: ["10"],
    from: ["1"],
    to: ["1717243200"],
    resolution: ["60", "1D"],
  },
  ...{
    orderById: ["1"],
    page: ["1"],
    status: ["all"],
    omitZeroBalances: ["true"],
    permissions: ['["SPOT"]'],
  },
};

/** Query parameters, each left out, as clients send it, or odd. */
const query = fc
  .tuple(
    ...Object.entries(PARAMETERS).map(([name, usual]) =>
      fc.oneof(
        { weight: 6, arbitrary: fc.constant(null) },
        { weight: 4, arbitrary: fc.constantFrom(...usual).map((value) => [name, value] as const) },
        { weight: 2, arbitrary: fc.constantFrom(...ODD_PARAMETERS).map((value) => [name, value] as const) },
      ),
    ),
  )
  .map((pairs) => new URLSearchParams(Object.fromEntries(pairs.filter((pair) => pair !== null))).toString());

const binanceCall = fc
  .tuple(fc.constantFrom(...ENDPOINTS.keys(), "GET /api/v3/nope", "PATCH /api/v3/order"), query, fc.nat(9))
  .map(([name, text, signs]) => JSON.stringify({ name, text, signs }));

const BTCTURK_ENDPOINTS = [
  ...[
    "GET /api/v2/ticker",
    "GET /api/v2/orderbook",
    "GET /api/v2/trades",
    "GET /api/v2/ohlcs",
    "GET /v1/ohlcs",
  ],
  ...[
    "GET /v1/klines/history",
    "GET /api/v2/server/exchangeinfo",
    "GET /api/v1/users/balances",
    "POST /api/v1/order",
  ],
  ...[
    "GET /api/v1/users/transactions/trade",
    "GET /api/v1/users/transactions/crypto",
    "GET /api/v1/openOrders",
  ],
  ...[
    "GET /api/v1/allOrders",
    "DELETE /api/v1/order",
    "GET /api/v1/order/1",
    "GET /api/v1/order/%00",
    "GET //",
  ],
];
const BTCTURK_ORDER = {
  ...{ pairSymbol: "BTCUSDT", orderType: "buy", orderMethod: "limit", quantity: "0.001", price: "60000" },
  ...{ stopPrice: "60000", newOrderClientId: "me" },
};
const btcturkCall = fc
  .tuple(fc.constantFrom(...BTCTURK_ENDPOINTS), query, shapesOf(BTCTURK_ORDER), fc.nat(9))
  .map(([name, text, body, signs]) => JSON.stringify({ name, text, body, signs }));

const CONTROL_PATHS = [
  ...[
    "GET /health",
    "GET /books",
    "POST /reset",
    "POST /pause",
    "POST /resume",
    "GET /venues",
    "PUT /x",
    "POST //",
  ],
  ...["GET /venues/binance/orders", "GET /venues/btcturk/balances", "GET /venues/binance/account"],
  ...["PUT /venues/binance/misbehaviors/gap", "PUT /venues/btcturk/misbehaviors/order-failed"],
  ...["PUT /venues/binance/misbehaviors/ack-lost", "PUT /venues/binance/misbehaviors/late-reply"],
  ...[
    "DELETE /venues/binance/misbehaviors/gap",
    "GET /venues/binance/misbehaviors",
    "GET /venues/__proto__/orders",
  ],
  ...["PUT /venues/bist/session", "GET /venues/bist/session", "GET /venues/btcturk/misbehaviors/constructor"],
];
const CONTROL_BODIES = [
  { every: 3, times: 1, share: 0.5, ttlMs: 1_000, latencyMs: 5, phase: "closed" },
  { seed: 1 },
  { phase: "continuous" },
];
const controlCall = fc
  .tuple(fc.constantFrom(...CONTROL_PATHS), shapesOf(...CONTROL_BODIES))
  .map(([name, body]) => JSON.stringify({ name, text: "", body, signs: 0 }));

interface Call {
  readonly name: string;
  readonly text: string;
  readonly body?: string;
  readonly signs: number;
}

/** Every HTTP port of the exchange stubs, each with what its venue's clients send, in other shapes. */
export const exchangeTargets: readonly FuzzTarget[] = [
  overHttp("binance-rest", binanceCall, (exchanges) => ({
    url: `http://127.0.0.1:${exchanges.addresses.binance.restPort}`,
    headers: () => ({ "x-mbx-apikey": BINANCE_KEY }),
    queryOf: ({ text, signs }) => (signs === 0 ? text : signed(text)),
  })),
  overHttp("btcturk-rest", btcturkCall, (exchanges) => {
    const client = new BtcturkTestClient(exchanges);
    return {
      url: `http://127.0.0.1:${exchanges.addresses.btcturk.restPort}`,
      headers: () => ({
        ...(client.headers() as Record<string, string>),
        "content-type": "application/json",
      }),
      queryOf: ({ text }) => text,
    };
  }),
  overHttp("venues-control", controlCall, (exchanges) => ({
    url: exchanges.addresses.control,
    headers: () => ({ "content-type": "application/json" }),
    queryOf: ({ text }) => text,
  })),
];

function signed(text: string): string {
  const whole = `${text}${text === "" ? "" : "&"}timestamp=${Date.now()}`;
  return `${whole}&signature=${signBinance(whole, BINANCE_SECRET)}`;
}

function overHttp(
  name: string,
  inputs: fc.Arbitrary<string>,
  clientOf: (exchanges: RunningExchanges) => {
    readonly url: string;
    readonly headers: () => Readonly<Record<string, string>>;
    readonly queryOf: (call: Call) => string;
  },
): FuzzTarget {
  return slowTarget(name, SHARES.sockets, inputs, async () => {
    const exchanges = await startStubs();
    const { url, headers, queryOf } = clientOf(exchanges);
    const caller = new HttpCaller(url);
    return {
      read: async (input) => {
        const call = JSON.parse(input) as Call;
        const [method = "", path = ""] = call.name.split(" ");
        const found = queryOf(call);
        const target = found === "" ? path : `${path}?${found}`;
        const sent = { method, path: target, headers: headers(), body: call.body ?? "" };
        return shownBy(await caller.send(sent));
      },
      [Symbol.asyncDispose]: async () => {
        caller.close();
        await exchanges.stop();
      },
    };
  });
}
