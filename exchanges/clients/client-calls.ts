/**
 * The ordinary calls of a trading client, and which method of each real client library makes each call. The
 * tests beside this file run every method against the stub, and `docs/clients.md` is generated from it, so
 * that the page states nothing untested.
 */

/** The calls of a client on an ordinary day, in order. */
export const DAY_CALLS = [
  "load the markets",
  "read the clock",
  "read the book",
  "read trades",
  "read klines",
  "read tickers",
  "watch the book",
  "watch trades",
  "watch klines",
  "watch the account",
  "read the balance",
  "place a limit order",
  "place a market order",
  "query an order",
  "list open orders",
  "list all orders",
  "replace an order",
  "cancel an order",
  "cancel all orders",
  "read own trades",
  "order over WebSocket",
  "hit the rate limit",
  "ignore it and be banned",
] as const;

type DayCall = (typeof DAY_CALLS)[number];

/** The client's method, or why it has none. */
export type CallCell = string | { readonly lacks: string };

/** A real client and the calls that it has methods for. */
export interface ClientDay {
  /** The npm package, pinned in package.json. */
  readonly package: string;
  readonly venue: "Binance Spot" | "BTCTurk";
  /** What is configured so that the client reaches the stub; nothing else of the client is changed. */
  readonly pointedBy: string;
  readonly calls: Readonly<Record<DayCall, CallCell>>;
}

const NO_WEBSOCKET = { lacks: "it has no WebSocket class for this venue" } as const;

/** Every client of the suite, by the name of its test file. */
export const CLIENT_DAYS = {
  "ccxt-binance": {
    package: "ccxt",
    venue: "Binance Spot",
    pointedBy: "`urls.api`: the hosts; `options.fetchMarkets.types`: spot alone",
    calls: {
      "load the markets": "loadMarkets",
      "read the clock": "fetchTime",
      "read the book": "fetchOrderBook",
      "read trades": "fetchTrades",
      "read klines": "fetchOHLCV",
      "read tickers": "fetchTickers",
      "watch the book": "watchOrderBook",
      "watch trades": "watchTrades",
      "watch klines": "watchOHLCV",
      "watch the account": "watchOrders, watchBalance, watchMyTrades",
      "read the balance": "fetchBalance",
      "place a limit order": "createOrder",
      "place a market order": "createOrder",
      "query an order": "fetchOrder",
      "list open orders": "fetchOpenOrders",
      "list all orders": "fetchOrders",
      "replace an order": "editOrder",
      "cancel an order": "cancelOrder",
      "cancel all orders": "cancelAllOrders",
      "read own trades": "fetchMyTrades",
      "order over WebSocket": "createOrderWs, cancelOrderWs",
      "hit the rate limit": "fetchOrderBook",
      "ignore it and be banned": "fetchOrderBook",
    },
  },
  "binance-spot": {
    package: "@binance/spot",
    venue: "Binance Spot",
    pointedBy: "`basePath`, `wsURL`",
    calls: {
      "load the markets": "exchangeInfo",
      "read the clock": "time",
      "read the book": "depth",
      "read trades": "getTrades",
      "read klines": "klines",
      "read tickers": "ticker24hr",
      "watch the book": "diffBookDepth",
      "watch trades": "trade",
      "watch klines": "kline",
      "watch the account": "userDataStreamSubscribeSignature",
      "read the balance": "getAccount",
      "place a limit order": "newOrder",
      "place a market order": "newOrder",
      "query an order": "getOrder",
      "list open orders": "getOpenOrders",
      "list all orders": "allOrders",
      "replace an order": "orderCancelReplace",
      "cancel an order": "deleteOrder",
      "cancel all orders": "deleteOpenOrders",
      "read own trades": "myTrades",
      "order over WebSocket": "orderPlace, orderCancel",
      "hit the rate limit": "depth",
      "ignore it and be banned": "depth",
    },
  },
  "binance-connector": {
    package: "@binance/connector",
    venue: "Binance Spot",
    pointedBy: "`baseURL`, `wsURL`",
    calls: {
      "load the markets": "exchangeInfo",
      "read the clock": "time",
      "read the book": "depth",
      "read trades": "trades",
      "read klines": "klines",
      "read tickers": "ticker24hr",
      "watch the book": "diffBookDepth",
      "watch trades": "trade",
      "watch klines": "kline",
      "watch the account": "createListenKey, userData",
      "read the balance": "account",
      "place a limit order": "newOrder",
      "place a market order": "newOrder",
      "query an order": "getOrder",
      "list open orders": "openOrders",
      "list all orders": "allOrders",
      "replace an order": "cancelAndReplace",
      "cancel an order": "cancelOrder",
      "cancel all orders": "cancelOpenOrders",
      "read own trades": "myTrades",
      "order over WebSocket": "newOrder, cancelOrder",
      "hit the rate limit": "depth",
      "ignore it and be banned": "depth",
    },
  },
  "binance-api-node": {
    package: "binance-api-node",
    venue: "Binance Spot",
    pointedBy: "`httpBase`, `wsBase`, `wsApi`",
    calls: {
      "load the markets": "exchangeInfo",
      "read the clock": "time",
      "read the book": "book",
      "read trades": "trades",
      "read klines": "candles",
      "read tickers": "dailyStats",
      "watch the book": "ws.depth",
      "watch trades": "ws.trades",
      "watch klines": "ws.candles",
      "watch the account": "ws.user",
      "read the balance": "accountInfo",
      "place a limit order": "order",
      "place a market order": "order",
      "query an order": "getOrder",
      "list open orders": "openOrders",
      "list all orders": "allOrders",
      "replace an order": "updateOrder",
      "cancel an order": "cancelOrder",
      "cancel all orders": "cancelOpenOrders",
      "read own trades": "myTrades",
      "order over WebSocket": { lacks: "it places orders only over REST" },
      "hit the rate limit": "book",
      "ignore it and be banned": "book",
    },
  },
  binance: {
    package: "binance",
    venue: "Binance Spot",
    pointedBy: "`baseUrl`, `wsUrl`",
    calls: {
      "load the markets": "getExchangeInfo",
      "read the clock": { lacks: "it calls the real venue, whatever `baseUrl` is" },
      "read the book": "getOrderBook",
      "read trades": "getRecentTrades",
      "read klines": "getKlines",
      "read tickers": "get24hrChangeStatistics",
      "watch the book": "subscribe",
      "watch trades": "subscribeTrades",
      "watch klines": "subscribeKlines",
      "watch the account": "subscribeUserDataStream",
      "read the balance": "getAccountInformation",
      "place a limit order": "submitNewOrder",
      "place a market order": "submitNewOrder",
      "query an order": "getOrder",
      "list open orders": "getOpenOrders",
      "list all orders": "getAllOrders",
      "replace an order": "replaceOrder",
      "cancel an order": "cancelOrder",
      "cancel all orders": "cancelAllSymbolOrders",
      "read own trades": "getAccountTradeList",
      "order over WebSocket": "submitNewSpotOrder, cancelSpotOrder",
      "hit the rate limit": "getOrderBook",
      "ignore it and be banned": "getOrderBook",
    },
  },
  "ccxt-btcturk": {
    package: "ccxt",
    venue: "BTCTurk",
    pointedBy: "`urls.api`: the hosts",
    calls: {
      "load the markets": "loadMarkets",
      "read the clock": { lacks: "it has no method for it" },
      "read the book": "fetchOrderBook",
      "read trades": "fetchTrades",
      "read klines": "fetchOHLCV",
      "read tickers": "fetchTickers",
      "watch the book": NO_WEBSOCKET,
      "watch trades": NO_WEBSOCKET,
      "watch klines": NO_WEBSOCKET,
      "watch the account": NO_WEBSOCKET,
      "read the balance": "fetchBalance",
      "place a limit order": "createOrder",
      "place a market order": "createOrder",
      "query an order": { lacks: "it finds orders only in its lists" },
      "list open orders": "fetchOpenOrders",
      "list all orders": "fetchOrders",
      "replace an order": { lacks: "the venue cannot" },
      "cancel an order": "cancelOrder",
      "cancel all orders": { lacks: "the venue cannot" },
      "read own trades": "fetchMyTrades",
      "order over WebSocket": NO_WEBSOCKET,
      "hit the rate limit": "fetchOrderBook",
      "ignore it and be banned": { lacks: "the venue does not ban" },
    },
  },
} as const satisfies Readonly<Record<string, ClientDay>>;

export type ClientName = keyof typeof CLIENT_DAYS;

/** The calls that a client has a method for. */
export type CallsOf<Name extends ClientName> = {
  [Call in DayCall]: (typeof CLIENT_DAYS)[Name]["calls"][Call] extends string ? Call : never;
}[DayCall];
