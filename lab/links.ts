import type { LinkProtocol } from "../chaos/index.ts";
import {
  linksToVenues,
  VENUE_LINK_NAMES,
  VENUE_LINKS,
  type VenueLinkName,
  type VenueName,
} from "../venues/index.ts";

/** A connection path of the topology. */
export type LinkName = PlatformLinkName | VenueLinkName;

/** The paths of every platform, whatever it trades. */
type PlatformLinkName = "api" | "pgbouncer" | "postgres";

const PLATFORM_LINKS: readonly PlatformLinkName[] = ["api", "pgbouncer", "postgres"];

/**
 * The links of the topology: every connection path, each a proxy of the fault proxy where faults are injected.
 * The picture is in docs/architecture.md.
 */
export const LINK_NAMES: readonly LinkName[] = [...PLATFORM_LINKS, ...VENUE_LINK_NAMES];

/** A WebSocket begins as an HTTP request, which can be answered, delayed or lost like any other. */
const WITH_WEBSOCKET: readonly LinkProtocol[] = ["http", "websocket"];

const PROTOCOLS_OF_CHANNEL: Readonly<
  Record<(typeof VENUE_LINKS)[number]["channel"], readonly LinkProtocol[]>
> = {
  rest: ["http"],
  ws: WITH_WEBSOCKET,
};

/** The protocol of each link: a fault on a protocol can act only on a link with that protocol. */
export const LINK_PROTOCOLS: Readonly<Record<LinkName, readonly LinkProtocol[]>> = {
  api: WITH_WEBSOCKET,
  pgbouncer: ["postgres"],
  postgres: ["postgres"],
  ...(Object.fromEntries(
    VENUE_LINKS.map(({ name, channel }) => [name, PROTOCOLS_OF_CHANNEL[channel]]),
  ) as Record<VenueLinkName, readonly LinkProtocol[]>),
};

/** The `host:port` of each link. A venue that the platform does not trade has none. */
export type LinkAddresses = Readonly<
  Record<PlatformLinkName, string> & Partial<Record<VenueLinkName, string>>
>;

/** The links of a lab whose platform trades these venues. */
export function linksOf(venues: readonly VenueName[]): readonly LinkName[] {
  return [...PLATFORM_LINKS, ...linksToVenues(venues).map(({ name }) => name)];
}
