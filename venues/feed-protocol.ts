/**
 * How clients subscribe to a venue's market data: `streams` of Binance are named in the URL, `channels` of BTCTurk are
 * joined one by one, and `quotes` takes one message with all symbols.
 */
export type FeedProtocol = "streams" | "channels" | "quotes";

/** A subscription to the market data of some symbols. */
interface FeedSubscription {
  /** The path and query of the WebSocket. */
  readonly path: string;
  /** What the client sends first. */
  readonly messages: readonly string[];
  /** Returns the symbol of a market that a message reports a change of; null for any other message. */
  changedSymbol(message: unknown): string | null;
}

const CHANNEL_SUBSCRIBE = 151;
const BOOK_CHANGE = 432;

/** Returns the subscription to these symbols. */
export function feedSubscription(protocol: FeedProtocol, symbols: readonly string[]): FeedSubscription {
  switch (protocol) {
    case "streams":
      return {
        path: `/stream?streams=${symbols.map((symbol) => `${symbol.toLowerCase()}@depth@100ms`).join("/")}`,
        messages: [],
        changedSymbol: (message) => {
          const event = fieldOf(message, "data");
          return fieldOf(event, "e") === "depthUpdate" ? textOf(fieldOf(event, "s")) : null;
        },
      };
    case "channels":
      return {
        path: "/",
        messages: symbols.map((event) =>
          JSON.stringify([
            CHANNEL_SUBSCRIBE,
            { type: CHANNEL_SUBSCRIBE, channel: "obdiff", event, join: true },
          ]),
        ),
        changedSymbol: (message) =>
          Array.isArray(message) && message[0] === BOOK_CHANGE ? textOf(fieldOf(message[1], "PS")) : null,
      };
    case "quotes":
      return {
        path: "/",
        messages: [JSON.stringify({ type: "subscribe", symbols })],
        changedSymbol: (message) =>
          fieldOf(message, "type") === "quote" ? textOf(fieldOf(message, "symbol")) : null,
      };
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
