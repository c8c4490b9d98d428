import type { LabAddresses } from "../../lab/index.ts";
import { metricsSource, pgbouncerSource, postgresSource, type Source } from "../../signals/index.ts";

// Whoever watches a lab takes its sources from here, so that their names, which are the `job` of every series that
// rules ask for, are written once.

/** The platform's own metrics, past its link. */
export function platformSource({ metrics }: Pick<LabAddresses, "metrics">): Source {
  return metricsSource({ name: "platform", url: metrics });
}

/** pgBouncer's pools, from its admin console. */
export function poolerSource({ poolerAdminUrl }: Pick<LabAddresses, "poolerAdminUrl">): Source {
  return pgbouncerSource({ name: "pgbouncer", connectionString: poolerAdminUrl });
}

/** Postgres's own statistics, past every link. */
export function databaseSource({ databaseUrl }: Pick<LabAddresses, "databaseUrl">): Source {
  return postgresSource({ name: "postgres", connectionString: databaseUrl });
}
