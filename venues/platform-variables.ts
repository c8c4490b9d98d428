import type { VenueCredentials } from "./credentials.ts";
import { linksToVenues, type VenueLink, type VenueLinkName } from "./links.ts";
import { VENUES, type VenueName } from "./table.ts";

const SCHEMES = { rest: "http", ws: "ws" } as const;

/** The variable in which the platform is given a link's address: `BINANCE_REST_URL`. */
export function addressVariable({ venue, channel }: VenueLink): string {
  return `${venue}_${channel}_URL`.toUpperCase();
}

/** What the platform is told about the venues that it trades: where each is, and the keys for it. */
export function venueVariables(
  venues: readonly VenueName[],
  addressOf: (link: VenueLinkName) => string,
  credentials: VenueCredentials,
): Readonly<Record<string, string>> {
  const addresses = linksToVenues(venues).map((link) => [
    addressVariable(link),
    `${SCHEMES[link.channel]}://${addressOf(link.name)}`,
  ]);
  const variables = VENUES.filter(({ name }) => venues.includes(name)).flatMap(({ credentials: keys }) =>
    keys.map(({ variable }) => [variable, credentials[variable] ?? ""]),
  );
  return Object.fromEntries([...addresses, ...variables]);
}
