import type { Provider } from "../matching/pact-file.ts";

/** A venue to verify: a stub, or whatever replaces it. */
export interface VenueUnderVerification {
  readonly provider: Provider;
  readonly restUrl: string;
  /** Null: its frames are not verified. */
  readonly webSocketUrl: string | null;
  /**
   * The stubs' control API, through which most states are set up. Null: interactions that need it are not
   * verified.
   */
  readonly controlUrl: string | null;
  /** Whether it gets no signed question and no order: it serves users. */
  readonly isPublicOnly: boolean;
  /** Hosts besides this machine that requests may be sent to. */
  readonly allowedHosts: readonly string[];
  readonly key: string;
  /** BTCTurk's is base64. */
  readonly secret: string;
}

/** The signer of a request, changed by the states "the key is not known" and "the secret is another". */
export interface Credentials {
  readonly key: string;
  readonly secret: string;
}
