import { editorSchema } from "../../core/index.ts";
import { SCENARIO_SCHEMA } from "./scenario.ts";

/** The schema of scenarios for editors. */
export function scenarioJsonSchema(): unknown {
  return editorSchema(SCENARIO_SCHEMA, "A scenario of kanit", "scenario.schema.json");
}
