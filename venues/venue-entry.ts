/** How a venue is reached: `rest` over HTTP, `ws` over a WebSocket. Each is a link of the fault proxy. */
export type Channel = "rest" | "ws";

/** A key or a secret by which the platform signs its calls to a stub. It opens nothing outside a lab. */
export interface Credential {
  /** With the venue's name before it, the stub's option: `binance` and `key` make `--binance-key`. */
  readonly name: "key" | "secret";
  /** The variable in which the platform is given it. */
  readonly variable: string;
  /** What a lab draws for it: letters and digits, or random bytes in base64. */
  readonly form: { readonly kind: "text" | "base64"; readonly length: number };
  /** What the stub accepts when it is told nothing; labs in containers use it. */
  readonly standard: string;
}

/** Whether clients' orders go to a venue. A venue without orders is only quoted. */
type OrderFlow =
  | { readonly kind: "none" }
  /** The relative share of the load's orders that go there unless a scenario says otherwise. */
  | { readonly kind: "taken"; readonly usualWeight: number };

/** All that is known of a venue outside its stub. */
export interface VenueEntry {
  /** Lower-case letters and digits: part of link names, variables, options and metric labels. */
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  readonly channels: readonly Channel[];
  /** What its stub quotes. */
  readonly symbols: readonly string[];
  readonly orders: OrderFlow;
  readonly credentials: readonly Credential[];
}
