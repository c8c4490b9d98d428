import { describeScenario } from "./suite.ts";
import { venueQuirks } from "./venue-quirks.ts";

describeScenario(venueQuirks);
