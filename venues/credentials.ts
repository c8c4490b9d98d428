import { VENUES, type VenueName, type VenueOf } from "./table.ts";
import type { Credential } from "./venue-entry.ts";

/** Keys and secrets, by the platform's variable for each. */
export type VenueCredentials = Readonly<Record<string, string>>;

type OptionOf<Name extends VenueName> = Name extends VenueName
  ? `${Name}${Capitalize<VenueOf<Name>["credentials"][number]["name"]>}`
  : never;

/** The stubs' option for a key or secret: `binanceKey`. */
export type CredentialOption = OptionOf<VenueName>;

/** A key or secret, and the stubs' option for it. */
interface StubCredential extends Credential {
  readonly option: CredentialOption;
  /**
   * The variable of the stubs' program for it: `STUB_BINANCE_API_KEY`. It is not the platform's variable, which may
   * hold a real key where the stubs are started by hand.
   */
  readonly stubVariable: string;
}

/** Every key and secret of the table. */
export const CREDENTIALS: readonly StubCredential[] = VENUES.flatMap((venue) =>
  venue.credentials.map((credential) => ({
    ...credential,
    option: `${venue.name}${capitalized(credential.name)}` as CredentialOption,
    stubVariable: `STUB_${credential.variable}`,
  })),
);

/** The stubs' defaults. */
export const STANDARD_CREDENTIALS: VenueCredentials = Object.fromEntries(
  CREDENTIALS.map(({ variable, standard }) => [variable, standard]),
);

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
