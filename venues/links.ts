import { VENUES, type VenueName, type VenueOf } from "./table.ts";
import type { Channel } from "./venue-entry.ts";

type LinkOf<Name extends VenueName> = Name extends VenueName
  ? `${Name}-${VenueOf<Name>["channels"][number]}`
  : never;

/** The name of a link between the platform and a venue: `binance-rest`. */
export type VenueLinkName = LinkOf<VenueName>;

/** A connection path between the platform and a venue. */
export interface VenueLink {
  readonly name: VenueLinkName;
  readonly venue: VenueName;
  readonly channel: Channel;
}

/** Every connection path to a venue, in the table's order. */
export const VENUE_LINKS: readonly VenueLink[] = VENUES.flatMap(({ name: venue, channels }) =>
  channels.map((channel) => ({ name: `${venue}-${channel}` as VenueLinkName, venue, channel })),
);
/** The names of them all. */
export const VENUE_LINK_NAMES: readonly VenueLinkName[] = VENUE_LINKS.map(({ name }) => name);

/** The connection paths to these venues. */
export function linksToVenues(venues: readonly VenueName[]): readonly VenueLink[] {
  return VENUE_LINKS.filter(({ venue }) => venues.includes(venue));
}
