export { PLANTED_CAUSES, type PlantedCause } from "./backpressure/planted-causes.ts";
export { ALL_SCENARIOS, CATALOG, STAND_INS, scenarioNamed } from "./catalog.ts";
export { CORNER_CASES } from "./corner-cases.ts";
export { DRILL_CONDITIONS, QUIET } from "./drills/catalog.ts";
export { EVERYDAY } from "./drills/loads.ts";
