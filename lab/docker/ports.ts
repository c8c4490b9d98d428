import { LINK_NAMES, type LinkName } from "../links.ts";

/** The containers' own ports. Links have consecutive ports, and so do the stubs behind them. */
export const PORTS = {
  postgres: 5432,
  pgbouncer: 6432,
  platform: 8080,
  proxyControl: 8474,
  doorway: 8476,
  venueControl: 8477,
  firstLink: 20_001,
  /** The stubs' control API has the port before it. */
  firstStub: 21_001,
} as const;

/** The port of a link in the fault proxy's container. */
export function linkPort(name: LinkName): number {
  return PORTS.firstLink + LINK_NAMES.indexOf(name);
}

/** The variable of docker-compose.yml for the host's port of a link. */
export function linkPortVariable(name: LinkName): string {
  return `KANIT_LINK_${name.toUpperCase().replaceAll("-", "_")}_PORT`;
}
