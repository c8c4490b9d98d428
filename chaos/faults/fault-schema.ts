import { z } from "zod";
import { expectedLink, type LinkProtocols, linksFor } from "./link-protocol.ts";
import { FAULT_KINDS, type Fault, type FaultKindName, type FaultOf } from "./registry.ts";

/** A fault as a user writes it: attributes that have a default may be left out, and the link of one that is on none. */
export type FaultInput<Link extends string> = {
  [K in FaultKindName]: { readonly kind: K } & (FaultOf<K> extends { readonly process: string }
    ? Pick<FaultOf<K>, "process" & keyof FaultOf<K>>
    : K extends "own"
      ? Pick<FaultOf<K>, "name" & keyof FaultOf<K>>
      : K extends WithoutLink
        ? unknown
        : { readonly link: Link }) &
    Partial<Omit<FaultOf<K>, "kind" | "link">>;
}[FaultKindName];

/** Faults of what a lab has one of, its database server and its pooler, and of clients: they take no link. */
type WithoutLink =
  | "database-restored"
  | "failover"
  | "disk-full"
  | "pool-by-session"
  | "order-burst"
  | "report-flood";

/** Checks and completes faults on these links, each of a kind that can act on its link. */
export function faultSchema<Link extends string>(
  protocols: LinkProtocols<Link>,
): z.ZodType<Fault, FaultInput<Link>> {
  const kinds = Object.values(FAULT_KINDS).map((kind) => {
    const error = `Expected ${expectedLink(kind.protocol, protocols)}`;
    return kind.schemaOn(z.enum(linksFor(kind.protocol, protocols), { error })).describe(kind.summary);
  });
  // Each option is the schema of one kind, whose types the compiler cannot follow through the list.
  return z.discriminatedUnion("kind", kinds as [z.ZodObject, ...z.ZodObject[]]) as unknown as z.ZodType<
    Fault,
    FaultInput<Link>
  >;
}
