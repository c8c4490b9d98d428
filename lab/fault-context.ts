import type { FaultContext, FaultProxyClient } from "../chaos/index.ts";
import { UsageError } from "../core/index.ts";
import type { LabAddresses } from "./lab.ts";

/**
 * Returns what faults act on in a lab, under the lease that `proxy` represents. Everything that injects
 * faults uses it, so that the address of each link is decided in one place.
 */
export function faultContextOf(
  lab: { readonly addresses: LabAddresses },
  proxy: FaultProxyClient,
): FaultContext {
  return {
    proxy,
    // Evaluated each time, since a reset of the lab creates another database.
    databaseUrlOf: (link) => databaseUrlOf(lab.addresses, link),
    venueControlUrl: lab.addresses.venueControl,
  };
}

/**
 * Returns the URL of the database through one of the links that lead to it.
 *
 * @throws UsageError `link-without-database`
 */
export function databaseUrlOf(
  { databaseUrl, poolerUrl, links }: Pick<LabAddresses, "databaseUrl" | "poolerUrl" | "links">,
  link: string,
): string {
  switch (link) {
    case "pgbouncer":
      return poolerUrl;
    case "postgres": {
      const direct = new URL(databaseUrl);
      direct.host = links.postgres;
      return direct.href;
    }
    default:
      throw new UsageError({
        code: "link-without-database",
        message: `Expected a link that leads to the database, got ${link}.`,
        nextStep: "Use pgbouncer for the pooler's connections, or postgres for the database's own.",
      });
  }
}
