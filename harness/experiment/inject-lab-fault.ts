import { type ActiveFault, type Fault, type FaultContext, injectFault } from "../../chaos/index.ts";
import type { Lab } from "../../lab/index.ts";

/**
 * Injects a fault into a lab, under the lease that `proxy` stands for. Sessions on the link to Postgres go past the
 * pooler; on any other they go through it.
 */
export function injectLabFault(
  fault: Fault,
  { addresses }: Lab,
  proxy: FaultContext["proxy"],
): Promise<ActiveFault> {
  const direct = new URL(addresses.databaseUrl);
  direct.host = addresses.links.postgres;
  return injectFault(fault, {
    proxy,
    poolerUrl: fault.link === "postgres" ? direct.href : addresses.poolerUrl,
    venueControlUrl: addresses.venueControl,
  });
}
