import { TRADING_VENUE_NAMES, type TradingVenueName, VENUES } from "../venues/index.ts";

/** What people call a venue. */
export function titleOf(venue: TradingVenueName): string {
  return VENUES.find(({ name }) => name === venue)?.title ?? venue;
}

/** The shares of a load of which so many percent go to one venue, and the rest to the others evenly. */
export function mostlyAt(
  venue: TradingVenueName,
  percent: number,
): Readonly<Record<TradingVenueName, number>> {
  const rest = (100 - percent) / (TRADING_VENUE_NAMES.length - 1);
  const shares = TRADING_VENUE_NAMES.map((name) => [name, name === venue ? percent : rest]);
  return Object.fromEntries(shares) as Record<TradingVenueName, number>;
}
