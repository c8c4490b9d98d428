import { VENUES } from "./table.ts";
import type { Credential } from "./venue-entry.ts";

/** Keys and secrets, by the variable in which the platform is given each. */
export type VenueCredentials = Readonly<Record<string, string>>;

/** A key or secret with the name of the stub's flag that takes it. */
interface FlaggedCredential extends Credential {
  /** Without the dashes: `binance-key`. */
  readonly flag: string;
}

/** Every key and secret of the table. */
export const CREDENTIALS: readonly FlaggedCredential[] = VENUES.flatMap((venue) =>
  venue.credentials.map((credential) => ({ ...credential, flag: `${venue.name}-${credential.name}` })),
);

/** What the stubs accept when they are told nothing. */
export const STANDARD_CREDENTIALS: VenueCredentials = Object.fromEntries(
  CREDENTIALS.map(({ variable, standard }) => [variable, standard]),
);
