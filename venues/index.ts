export {
  CREDENTIALS,
  type CredentialOption,
  STANDARD_CREDENTIALS,
  type VenueCredentials,
} from "./credentials.ts";
export { documentVenues } from "./document-venues.ts";
export { feedSubscription } from "./feed-protocol.ts";
export { linksToVenues, VENUE_LINK_NAMES, VENUE_LINKS, type VenueLink, type VenueLinkName } from "./links.ts";
export { MISBEHAVIOR_VENUES, type MisbehaviorName, misbehaviorsOf, venuesOf } from "./misbehaviors.ts";
export { venueVariables } from "./platform-variables.ts";
export {
  feedsAmong,
  TRADING_VENUE_NAMES,
  type TradingVenueName,
  tradingAmong,
  USUAL_ORDER_WEIGHTS,
  VENUE_NAMES,
  VENUES,
  type VenueName,
  type VenueOf,
} from "./table.ts";
