import { z } from "zod";
import { SCENARIO_SCHEMA } from "./scenario.ts";

/** The schema of scenarios for editors, as JSON Schema (draft 7, which those for YAML read). */
export function scenarioJsonSchema(): unknown {
  const schema = z.toJSONSchema(SCENARIO_SCHEMA, {
    io: "input",
    target: "draft-7",
    // It says that a program must not change what it reads, and editors take it for a field that is not to be written.
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly;
    },
  });
  return { ...schema, title: "A scenario of kanit", $id: "scenario.schema.json" };
}
