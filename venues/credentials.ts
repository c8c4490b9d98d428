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
  /** The option of the stubs' command line, without the dashes: `binance-key`. */
  readonly flag: string;
}

/** Every key and secret of the table. */
export const CREDENTIALS: readonly StubCredential[] = VENUES.flatMap((venue) =>
  venue.credentials.map((credential) => ({
    ...credential,
    option: `${venue.name}${capitalized(credential.name)}` as CredentialOption,
    flag: `${venue.name}-${credential.name}`,
  })),
);

/** The stubs' defaults. */
export const STANDARD_CREDENTIALS: VenueCredentials = Object.fromEntries(
  CREDENTIALS.map(({ variable, standard }) => [variable, standard]),
);

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
