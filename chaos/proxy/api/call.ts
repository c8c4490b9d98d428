import type { Lease } from "../leases/lease.ts";
import type { LinkCollection } from "../link-collection.ts";
import { ApiError } from "./api-error.ts";

/** An answer of the control API. A body that is not a text is sent as JSON. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What stands in a path for `{proxy}`, `{toxic}` and `{lease}`; empty where the path has none. */
export interface PathNames {
  readonly proxy: string;
  readonly toxic: string;
  readonly lease: string;
}

/** What a handler is given: the links, the names in the path, and what came with the request. */
export interface Call extends PathNames {
  readonly links: LinkCollection;
  readonly bodyText: string;
  /** The header `Kanit-Lease`: the lease that the change is to be made under; null without one. */
  readonly leaseId: string | null;
}

export type Handler = (call: Call) => Answer | Promise<Answer>;

/**
 * The lease that the change is to be made under, or null when it is for good.
 *
 * @throws ApiError 404 when there is no such lease; 410 when it is over.
 */
export function leaseOf({ links, leaseId }: Call): Lease | null {
  if (leaseId === null) return null;
  const lease = links.leases.get(leaseId);
  lease.throwIfOver();
  return lease;
}

/** A handler of a change that no lease can undo: under a lease it is refused instead of made for good. */
export function forGood(name: string, handler: Handler): Handler {
  return (call) => {
    if (call.leaseId !== null) throw ApiError.leaseNotTaken(name);
    return handler(call);
  };
}
