import type { PlatformApi } from "./answer.ts";
import type { ApiDefinition } from "./api-definition.ts";
import { DrivenApi } from "./driver/driven-api.ts";
import type { DriverProgram } from "./driver/driver-program.ts";
import type { HttpClient } from "./http/exchange.ts";
import { MappedApi } from "./mapped-api.ts";

/** What an API is spoken by. */
export interface ApiMeans {
  /** For an API that is mapped. */
  readonly client: HttpClient;
  /** For an API that a driver speaks; null where the definition names none. */
  readonly driver: DriverProgram | null;
  /** How long the answer of a driver is waited for; a client has a limit of its own. */
  readonly timeoutMs: number;
}

/**
 * Opens a platform's API, however it is spoken.
 *
 * @throws UnavailableError `driver-not-ready` when its driver does not say what it can do.
 */
export async function openApi(
  definition: ApiDefinition,
  { client, driver, timeoutMs }: ApiMeans,
): Promise<PlatformApi> {
  if (definition.driver === null) return new MappedApi(definition, client);
  if (driver === null) throw new TypeError("Expected the driver that the definition names, got none.");
  return DrivenApi.open(definition, driver, timeoutMs);
}
