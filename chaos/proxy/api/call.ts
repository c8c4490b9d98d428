import type { Lease } from "../leases/lease.ts";
import type { LinkCollection } from "../link-collection.ts";
import { ApiError } from "./api-error.ts";
import type { InputNotes } from "./input-notes.ts";

/** An answer of the control API. A body that is not a text is sent as JSON. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The path's values for `{proxy}`, `{toxic}` and `{lease}`; empty when the path has none. */
export interface PathNames {
  readonly proxy: string;
  readonly toxic: string;
  readonly lease: string;
}

/** A handler's input: the links, the names in the path, and the request's content. */
export interface Call extends PathNames {
  readonly links: LinkCollection;
  readonly bodyText: string;
  /** The header `Kanit-Lease`: the lease under which to make the change; null without one. */
  readonly leaseId: string | null;
  /** Takes what of the body has no effect. */
  readonly notes: InputNotes;
}

export type Handler = (call: Call) => Answer | Promise<Answer>;

/**
 * The lease for the change, or null when the change is permanent.
 *
 * @throws ApiError 404 when there is no such lease; 410 when it has ended.
 */
export function leaseOf({ links, leaseId }: Call): Lease | null {
  if (leaseId === null) return null;
  const lease = links.leases.get(leaseId);
  lease.throwIfOver();
  return lease;
}

/** A handler for a change that no lease can undo: under a lease it is refused instead of made permanently. */
export function forGood(name: string, handler: Handler): Handler {
  return (call) => {
    if (call.leaseId !== null) throw ApiError.leaseNotTaken(name);
    return handler(call);
  };
}
