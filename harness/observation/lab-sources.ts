import type { LabAddresses } from "../../lab/index.ts";
import { metricsSource, pgbouncerSource, postgresSource, type Source } from "../../signals/index.ts";

// The sources of a lab's metrics. Everything that watches a lab takes them from here, so that their names,
// which are the `job` of every series in the rules, are defined once.

/** The platform's own metrics, bypassing its link. */
export function platformSource({ metrics }: Pick<LabAddresses, "metrics">): Source {
  return metricsSource({ name: "platform", url: metrics });
}

/** pgBouncer's pools, from its admin console. */
export function poolerSource({ poolerAdminUrl }: Pick<LabAddresses, "poolerAdminUrl">): Source {
  return pgbouncerSource({ name: "pgbouncer", connectionString: poolerAdminUrl });
}

/** Postgres's own statistics, bypassing every link. */
export function databaseSource({ databaseUrl }: Pick<LabAddresses, "databaseUrl">): Source {
  return postgresSource({ name: "postgres", connectionString: databaseUrl });
}
