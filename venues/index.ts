export {
  CREDENTIALS,
  type CredentialOption,
  STANDARD_CREDENTIALS,
  type VenueCredentials,
} from "./credentials.ts";
export { documentVenues } from "./document-venues.ts";
export { VENUE_LINK_NAMES, VENUE_LINKS, type VenueLink, type VenueLinkName } from "./links.ts";
export { venueVariables } from "./platform-variables.ts";
export {
  FEED_NAMES,
  TRADING_VENUE_NAMES,
  type TradingVenueName,
  USUAL_ORDER_WEIGHTS,
  VENUE_NAMES,
  VENUES,
  type VenueName,
  type VenueOf,
} from "./table.ts";
