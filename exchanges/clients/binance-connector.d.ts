/** The part of a package without types that this suite uses. */
declare module "@binance/connector" {
  interface Reply {
    // biome-ignore lint/suspicious/noExplicitAny: a test says itself which shape it expects
    readonly data: any;
  }
  type Parameters = Readonly<Record<string, unknown>>;

  export class Spot {
    constructor(apiKey: string, apiSecret: string, options: { baseURL: string });
    exchangeInfo(): Promise<Reply>;
    time(): Promise<Reply>;
    depth(symbol: string, options?: Parameters): Promise<Reply>;
    trades(symbol: string, options?: Parameters): Promise<Reply>;
    klines(symbol: string, interval: string, options?: Parameters): Promise<Reply>;
    ticker24hr(symbol?: string): Promise<Reply>;
    account(): Promise<Reply>;
    newOrder(symbol: string, side: string, type: string, options?: Parameters): Promise<Reply>;
    getOrder(symbol: string, options: Parameters): Promise<Reply>;
    openOrders(options?: Parameters): Promise<Reply>;
    allOrders(symbol: string): Promise<Reply>;
    cancelAndReplace(
      symbol: string,
      side: string,
      type: string,
      cancelReplaceMode: string,
      options: Parameters,
    ): Promise<Reply>;
    cancelOrder(symbol: string, options: Parameters): Promise<Reply>;
    cancelOpenOrders(symbol: string): Promise<Reply>;
    myTrades(symbol: string): Promise<Reply>;
    createListenKey(): Promise<Reply>;
  }

  interface WebSocketOptions {
    readonly wsURL: string;
    readonly logger: object;
    readonly callbacks: { open?(): void; message(text: string): void };
  }

  export class WebsocketStream {
    constructor(options: WebSocketOptions & { combinedStreams?: boolean });
    diffBookDepth(symbol: string, speed: string): void;
    trade(symbol: string): void;
    kline(symbol: string, interval: string): void;
    userData(listenKey: string): void;
    disconnect(): void;
  }

  export class WebsocketAPI {
    constructor(apiKey: string, apiSecret: string, options: WebSocketOptions);
    newOrder(symbol: string, side: string, type: string, options: Parameters): void;
    cancelOrder(symbol: string, options: Parameters): void;
    disconnect(): void;
  }
}
