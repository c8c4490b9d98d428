import type { Provider } from "../matching/pact-file.ts";

/** A venue that is verified: a stub, or whatever stands in its place. */
export interface VenueUnderVerification {
  readonly provider: Provider;
  readonly restUrl: string;
  /** Null: its frames are not verified. */
  readonly webSocketUrl: string | null;
  /** The stubs' control API, through which most states are set up. Null: what needs them is not verified. */
  readonly controlUrl: string | null;
  /** Hosts besides this machine that may be talked to. */
  readonly allowedHosts: readonly string[];
  readonly key: string;
  /** BTCTurk's is base64. */
  readonly secret: string;
}

/** Who a request is signed as: the states "the key is not known" and "the secret is another" change it. */
export interface Credentials {
  readonly key: string;
  readonly secret: string;
}
