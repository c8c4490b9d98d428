import type { Clock } from "../../core/index.ts";
import type { PlatformDefinition } from "../../definition/index.ts";
import type { LabAddresses } from "../../lab/index.ts";
import {
  type MappedSource,
  mappedSource,
  metricsSource,
  pgbouncerSource,
  postgresSource,
  type Source,
} from "../../signals/index.ts";

// The sources of a lab's metrics. Everything that watches a lab takes them from here, so that their names,
// which are the `job` of every series in the rules, are defined once.

/** The platform's own metrics, past its link, with those of the field that its definition makes of them. */
export function platformSource(
  { metrics: url }: Pick<LabAddresses, "metrics">,
  { metrics }: Pick<PlatformDefinition, "metrics">,
  clock: Pick<Clock, "nowMs">,
): MappedSource {
  return mappedSource(metricsSource({ name: "platform", url }), metrics.mapping, clock);
}

/** The metrics of a candidate beside the platform, mapped as the platform's. */
export function candidateSource(
  url: string,
  { metrics }: Pick<PlatformDefinition, "metrics">,
  clock: Pick<Clock, "nowMs">,
): MappedSource {
  return mappedSource(metricsSource({ name: "candidate", url }), metrics.mapping, clock);
}

/** pgBouncer's pools, from its admin console. */
export function poolerSource({ poolerAdminUrl }: Pick<LabAddresses, "poolerAdminUrl">): Source {
  return pgbouncerSource({ name: "pgbouncer", connectionString: poolerAdminUrl });
}

/** Postgres's own statistics, bypassing every link. */
export function databaseSource({ databaseUrl }: Pick<LabAddresses, "databaseUrl">): Source {
  return postgresSource({ name: "postgres", connectionString: databaseUrl });
}
