import { VENUE_NAMES, type VenueCredentials, venueVariables } from "../../venues/index.ts";
import type { LinkName } from "../links.ts";
import { DATABASE } from "../local/postgres.ts";
import { linkPort, PORTS } from "./ports.ts";
import type { SecretVariables } from "./secret-variables.ts";

/** Returns the variables of every platform in containers. */
export function platformVariables(
  { KANIT_DATABASE_PASSWORD, KANIT_PLATFORM_TOKEN }: SecretVariables,
  credentials: VenueCredentials,
): Readonly<Record<string, string>> {
  const link = (name: LinkName) => `proxy:${linkPort(name)}`;
  return {
    HOST: "0.0.0.0",
    PORT: String(PORTS.platform),
    DATABASE_URL: `postgresql://spark:${KANIT_DATABASE_PASSWORD}@${link("pgbouncer")}/${DATABASE}`,
    KANIT_PLATFORM_TOKEN,
    ...venueVariables(VENUE_NAMES, link, credentials),
  };
}
