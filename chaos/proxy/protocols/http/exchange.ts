import type { RequestHead } from "./head.ts";

/** A request and the reply that is due to it. */
export interface Exchange {
  /** Counts from 1 within the connection, as far as the toxic has seen it. */
  readonly number: number;
  /** Undefined for one that was under way when the toxic joined, and of which only a reply is still to come. */
  readonly request: RequestHead | undefined;
  /** Whether the toxic has chosen it. */
  readonly taken: boolean;
  /** Of one that the server does not get to see: how far the request is. Undefined: the server replies. */
  own: OwnReply | undefined;
}

/** What the toxic owes the client instead of the server. */
type OwnReply =
  /** The request is still coming; `awaitsContinue`: its body only comes when it is called for. */
  | { readonly kind: "incoming"; awaitsContinue: boolean }
  | { readonly kind: "due"; readonly request: RequestHead };

/** What an exchange is called in logs: method and path. The query is left out, since it may carry secrets. */
export function nameOf({ method, path }: RequestHead): string {
  return `${method} ${path.slice(0, 200)}`;
}
