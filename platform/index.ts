export { readConfig } from "./config.ts";
export type { DefectName } from "./defects.ts";
export { readDepthSnapshot, readDepthUpdate } from "./feeds/binance-feed.ts";
export { readBookFrame } from "./feeds/btcturk-feed.ts";
export { Metrics } from "./metrics.ts";
export { BinanceRest } from "./venues/binance-rest.ts";
export { BtcturkRest } from "./venues/btcturk-rest.ts";
export { signBinance, signBtcturk } from "./venues/signature.ts";
export type {
  OrderReference,
  Venue,
  VenueOrder,
} from "./venues/venue.ts";
export { VenueLink } from "./venues/venue-link.ts";
