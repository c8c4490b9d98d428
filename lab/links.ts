import { VENUE_LINK_NAMES, type VenueLinkName } from "../venues/index.ts";

/** A connection path of the topology. */
export type LinkName = "api" | "pgbouncer" | "postgres" | VenueLinkName;

/**
 * The links of the topology: every connection path, each a proxy of the fault proxy where faults are injected.
 * The picture is in docs/architecture.md.
 */
export const LINK_NAMES: readonly LinkName[] = ["api", "pgbouncer", "postgres", ...VENUE_LINK_NAMES];
