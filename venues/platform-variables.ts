import type { VenueCredentials } from "./credentials.ts";
import { linksToVenues, type VenueLink, type VenueLinkName } from "./links.ts";
import { VENUES, type VenueName } from "./table.ts";

const SCHEMES = { rest: "http", ws: "ws" } as const;

/** The platform's variable for a link's address: `BINANCE_REST_URL`. */
export function addressVariable({ venue, channel }: VenueLink): string {
  return `${venue}_${channel}_URL`.toUpperCase();
}

/** The platform's variables for its venues: addresses and keys. */
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
