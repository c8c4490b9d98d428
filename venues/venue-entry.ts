import type { FeedProtocol } from "./feed-protocol.ts";

/** The protocols of a venue's links: `rest` is HTTP, `ws` a WebSocket. Each is a link of the fault proxy. */
export type Channel = "rest" | "ws";

/** A key or a secret with which the platform signs its calls to a stub. It is worthless outside a lab. */
export interface Credential {
  /** With the venue's name as prefix, the stub's option: `binance` and `key` make `binanceKey`. */
  readonly name: "key" | "secret";
  /** The platform's variable for it. */
  readonly variable: string;
  /** What a lab generates for it: letters and digits, or random bytes in base64. */
  readonly form: { readonly kind: "text" | "base64"; readonly length: number };
  /** The stub's default; labs in containers use it. */
  readonly standard: string;
}

/** Whether the load sends orders to a venue. A venue without orders only has quotes. */
type OrderFlow =
  | { readonly kind: "none" }
  /** The relative share of the load's orders, unless a scenario says otherwise. */
  | { readonly kind: "taken"; readonly usualWeight: number };

/** Everything that the project knows about a venue outside its stub. */
export interface VenueEntry {
  /** Lower-case letters and digits, used in link names, variables, options and metric labels. */
  readonly name: string;
  /** The name for display. */
  readonly title: string;
  readonly channels: readonly Channel[];
  /** The symbols that its stub quotes. */
  readonly symbols: readonly string[];
  /** The protocol of its market data; null for a venue without a WebSocket. */
  readonly feed: FeedProtocol | null;
  readonly orders: OrderFlow;
  readonly credentials: readonly Credential[];
}
