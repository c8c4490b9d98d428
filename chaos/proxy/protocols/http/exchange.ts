import type { RequestHead } from "./head.ts";

/** A request and its pending reply. */
export interface Exchange {
  /** Counts from 1 within the connection, beginning when the toxic joined. */
  readonly number: number;
  /**
   * Undefined for a request that was in progress when the toxic joined, and of which only
   * the reply is still to come.
   */
  readonly request: RequestHead | undefined;
  /** Whether the toxic has chosen it. */
  readonly taken: boolean;
  /** For a request that the server does not receive: its progress. Undefined: the server replies. */
  own: OwnReply | undefined;
}

/** The answer that the toxic sends instead of the server. */
type OwnReply =
  /** The request is still arriving; `awaitsContinue`: its body only comes after a `100 Continue`. */
  | { readonly kind: "incoming"; awaitsContinue: boolean }
  | { readonly kind: "due"; readonly request: RequestHead };

/** How logs name an exchange: method and path. The query is left out, since it may contain secrets. */
export function nameOf({ method, path }: RequestHead): string {
  return `${method} ${path.slice(0, 200)}`;
}
