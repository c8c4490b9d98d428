import { linksToVenues, VENUE_LINK_NAMES, type VenueLinkName, type VenueName } from "../venues/index.ts";

/** A connection path of the topology. */
export type LinkName = PlatformLinkName | VenueLinkName;

/** The paths that every platform has, whatever it trades. */
type PlatformLinkName = "api" | "pgbouncer" | "postgres";

const PLATFORM_LINKS: readonly PlatformLinkName[] = ["api", "pgbouncer", "postgres"];

/**
 * The links of the topology: every connection path, each a proxy of the fault proxy where faults are injected.
 * The picture is in docs/architecture.md.
 */
export const LINK_NAMES: readonly LinkName[] = [...PLATFORM_LINKS, ...VENUE_LINK_NAMES];

/** `host:port` at which each link listens. A venue that the platform does not trade has none. */
export type LinkAddresses = Readonly<
  Record<PlatformLinkName, string> & Partial<Record<VenueLinkName, string>>
>;

/** The links of a lab whose platform trades these venues. */
export function linksOf(venues: readonly VenueName[]): readonly LinkName[] {
  return [...PLATFORM_LINKS, ...linksToVenues(venues).map(({ name }) => name)];
}
