export { readConfig, type SparkConfig, type VenueConfig } from "./config.ts";
export { DEFECTS, type DefectName } from "./defects.ts";
export { readDepthSnapshot, readDepthUpdate } from "./feeds/binance-feed.ts";
export { readBookFrame } from "./feeds/btcturk-feed.ts";
export { openLog } from "./log.ts";
export { Metrics } from "./metrics.ts";
export { applyMigrations, MIGRATIONS_DIRECTORY } from "./migrate.ts";
export { type StartedSpark, startSpark } from "./spark.ts";
export { BinanceRest } from "./venues/binance-rest.ts";
export { BtcturkRest } from "./venues/btcturk-rest.ts";
export { signBinance, signBtcturk } from "./venues/signature.ts";
export type {
  Lookup,
  OrderReference,
  Placement,
  Venue,
  VenueFill,
  VenueOrder,
  VenueReport,
} from "./venues/venue.ts";
export { VenueLink } from "./venues/venue-link.ts";
