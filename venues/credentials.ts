import { VENUES, type VenueName, type VenueOf } from "./table.ts";
import type { Credential } from "./venue-entry.ts";

/** Keys and secrets, by the variable in which the platform is given each. */
export type VenueCredentials = Readonly<Record<string, string>>;

type OptionOf<Name extends VenueName> = Name extends VenueName
  ? `${Name}${Capitalize<VenueOf<Name>["credentials"][number]["name"]>}`
  : never;

/** The stubs' option for a key or secret: `binanceKey`. */
export type CredentialOption = OptionOf<VenueName>;

/** A key or secret, and how the stubs are told it. */
interface StubCredential extends Credential {
  readonly option: CredentialOption;
  /** On the command line of the stubs, without the dashes: `binance-key`. */
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

/** What the stubs accept when they are told nothing. */
export const STANDARD_CREDENTIALS: VenueCredentials = Object.fromEntries(
  CREDENTIALS.map(({ variable, standard }) => [variable, standard]),
);

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
