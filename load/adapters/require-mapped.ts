import type { ApiDefinition, MappedApiDefinition } from "../../api/index.ts";
import { UsageError } from "../../core/index.ts";

/**
 * A closed loop over HTTP sends requests by itself, which a driver does not hand out.
 *
 * @throws UsageError `load-by-driver` for an API that a driver speaks.
 */
export function requireMapped(api: ApiDefinition): MappedApiDefinition {
  if (api.driver === null) return api;
  throw new UsageError({
    code: "load-by-driver",
    message: "Expected an API that is mapped, since requests are sent without kanit's clients, got a driver.",
    nextStep: "Use `kanit load run`, which asks the driver, or name one --path.",
  });
}
