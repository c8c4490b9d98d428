import { STANDARD_CREDENTIALS, VENUE_NAMES, venueVariables } from "../../venues/index.ts";
import type { LinkName } from "../links.ts";
import { DATABASE } from "../local/postgres.ts";
import { linkPort, PORTS } from "./ports.ts";

/**
 * Returns the variables of every platform in containers. The venues' keys are those that the stubs accept by default.
 */
export function platformVariables(): Readonly<Record<string, string>> {
  const link = (name: LinkName) => `proxy:${linkPort(name)}`;
  return {
    HOST: "0.0.0.0",
    PORT: String(PORTS.platform),
    DATABASE_URL: `postgresql://spark@${link("pgbouncer")}/${DATABASE}`,
    ...venueVariables(VENUE_NAMES, link, STANDARD_CREDENTIALS),
  };
}
