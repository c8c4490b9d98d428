import { API_SCHEMA, type MappedApiDefinition } from "../api-definition.ts";

/** An API that is mapped, from the part of a definition that says how. */
export function mappedApi(written: unknown): MappedApiDefinition {
  const definition = API_SCHEMA.parse(written);
  if (definition.driver !== null) throw new TypeError("Expected a mapping, got a driver.");
  return definition;
}
