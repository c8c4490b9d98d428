export { PLANTED_CAUSES, type PlantedCause } from "./backpressure/planted-causes.ts";
export { binanceAckLost } from "./binance-ack-lost.ts";
export { ALL_SCENARIOS, CATALOG, STAND_INS } from "./catalog.ts";
export { DRILL_CONDITIONS, QUIET } from "./drills/catalog.ts";
export { EVERYDAY } from "./drills/loads.ts";
export { feedGap } from "./feed-gap.ts";
export { httpSecondRequestFails } from "./http-second-request-fails.ts";
export { pgOutage } from "./pg-outage.ts";
export { steadyState } from "./steady-state.ts";
