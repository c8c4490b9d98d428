import { UsageError } from "../../core/index.ts";
import type { ToxicProtocol } from "../proxy/toxics/toxic-type.ts";
import { type Fault, kindOf } from "./registry.ts";

/** A protocol that is spoken on a link, of which a fault may understand the messages. */
export type LinkProtocol = Exclude<ToxicProtocol, "tcp">;

/** The protocols that are spoken on each link of a lab. */
export type LinkProtocols<Link extends string> = Readonly<Record<Link, readonly LinkProtocol[]>>;

export const PROTOCOL_TITLES: Readonly<Record<LinkProtocol, string>> = {
  http: "HTTP",
  postgres: "PostgreSQL",
  websocket: "WebSocket",
};

/** The links on which a fault can act: any for one of the connection, else those on which its protocol is spoken. */
export function linksFor<Link extends string>(
  protocol: ToxicProtocol,
  protocols: LinkProtocols<Link>,
): readonly Link[] {
  const links = Object.keys(protocols) as Link[];
  return protocol === "tcp" ? links : links.filter((link) => protocols[link].includes(protocol));
}

/** What a fault of this protocol expects of its link, for a person: `a link of PostgreSQL (pgbouncer, postgres)`. */
export function expectedLink<Link extends string>(
  protocol: ToxicProtocol,
  protocols: LinkProtocols<Link>,
): string {
  const names = linksFor(protocol, protocols).join(", ");
  return protocol === "tcp" ? `one of ${names}` : `a link of ${PROTOCOL_TITLES[protocol]} (${names})`;
}

/**
 * Makes sure that a fault can act on its link.
 *
 * @throws UsageError `fault-on-wrong-link`
 */
export function checkFaultLink(fault: Fault, protocols: LinkProtocols<string>): void {
  const { kind, protocol } = kindOf(fault);
  if (linksFor(protocol, protocols).includes(fault.link)) return;
  throw new UsageError({
    code: "fault-on-wrong-link",
    message: `Expected ${expectedLink(protocol, protocols)} for ${kind}, got ${fault.link}.`,
    nextStep: "docs/faults.md lists the links of each fault.",
  });
}
