import type { VenueCredentials } from "./credentials.ts";
import { VENUE_LINKS, type VenueLink, type VenueLinkName } from "./links.ts";

const SCHEMES = { rest: "http", ws: "ws" } as const;

/** The variable in which the platform is given a link's address: `BINANCE_REST_URL`. */
export function addressVariable({ venue, channel }: VenueLink): string {
  return `${venue}_${channel}_URL`.toUpperCase();
}

/** What the platform is told about the venues: where each is, and the keys for it. */
export function venueVariables(
  addressOf: (link: VenueLinkName) => string,
  credentials: VenueCredentials,
): Readonly<Record<string, string>> {
  const addresses = VENUE_LINKS.map((link) => [
    addressVariable(link),
    `${SCHEMES[link.channel]}://${addressOf(link.name)}`,
  ]);
  return { ...Object.fromEntries(addresses), ...credentials };
}
