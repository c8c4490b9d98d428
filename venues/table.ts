import { binance } from "./binance.ts";
import { bist } from "./bist.ts";
import { btcturk } from "./btcturk.ts";
import type { VenueEntry } from "./venue-entry.ts";

/** Every venue of the lab. Add new ones at the end, since ports in containers follow from the order. */
const TABLE = [binance, btcturk, bist] as const satisfies readonly VenueEntry[];

type Entry = (typeof TABLE)[number];

/** The table's entry of a venue, with its exact names. */
export type VenueOf<Name extends VenueName> = Extract<Entry, { readonly name: Name }>;
export type VenueName = Entry["name"];
export type TradingVenueName = Extract<Entry, { readonly orders: { readonly kind: "taken" } }>["name"];

export const VENUES: readonly (VenueEntry & { readonly name: VenueName })[] = TABLE;
export const VENUE_NAMES: readonly VenueName[] = TABLE.map(({ name }) => name);

/** The venues that take orders and have accounts, trades and balances. */
export const TRADING_VENUE_NAMES: readonly TradingVenueName[] = TABLE.flatMap((venue) =>
  venue.orders.kind === "taken" ? [venue.name as TradingVenueName] : [],
);

/** The venues with market data: each is a `feed` in the platform's metrics, by its own name. */
export const FEED_NAMES: readonly VenueName[] = VENUES.flatMap(({ name, channels }) =>
  channels.includes("ws") ? [name] : [],
);

/** Those of these venues that take orders, in the table's order. */
export function tradingAmong(venues: readonly VenueName[]): readonly TradingVenueName[] {
  return TRADING_VENUE_NAMES.filter((name) => venues.includes(name));
}

/** Those of these venues that have market data, in the table's order. */
export function feedsAmong(venues: readonly VenueName[]): readonly VenueName[] {
  return FEED_NAMES.filter((name) => venues.includes(name));
}

/** The relative shares of the load's orders, by venue. */
export const USUAL_ORDER_WEIGHTS = Object.fromEntries(
  VENUES.flatMap(({ name, orders }) => (orders.kind === "taken" ? [[name, orders.usualWeight]] : [])),
) as Readonly<Record<TradingVenueName, number>>;
