/** How what the stub does compares with the venue's documents. */
export type CallState =
  | { readonly kind: "right" }
  | { readonly kind: "differs"; readonly how: string }
  | { readonly kind: "missing" };

export const RIGHT: CallState = { kind: "right" };
export const MISSING: CallState = { kind: "missing" };

/** What a client may notice. */
export function differs(how: string): CallState {
  return { kind: "differs", how };
}
