import { readFileSync } from "node:fs";
import { type ConnectionOptions, checkServerIdentity } from "node:tls";
import { UnavailableError, UsageError } from "../core/index.ts";

/**
 * How a connection to a database is encrypted, by the names of libpq: not at all; encrypted for whoever answers; to a
 * server whose certificate the authority has signed; and for that very host.
 */
export const TLS_MODES = ["disable", "require", "verify-ca", "verify-full"] as const;
type TlsMode = (typeof TLS_MODES)[number];

/** What an address says of TLS, as libpq writes it. */
const MODE = "sslmode";
const AUTHORITY = "sslrootcert";

/** How the connections to the databases of a release are encrypted, where their addresses do not say it themselves. */
export interface DatabaseTls {
  readonly mode: TlsMode;
  /** The file with the certificate of the authority; null: those of the system. */
  readonly ca: string | null;
}

/** The address with what it does not say of TLS. */
export function withTls(address: string, { mode, ca }: DatabaseTls): string {
  const url = new URL(address);
  if (!url.searchParams.has(MODE)) url.searchParams.set(MODE, mode);
  if (ca !== null && !url.searchParams.has(AUTHORITY)) url.searchParams.set(AUTHORITY, ca);
  return url.href;
}

/**
 * The TLS of a connection to an address; false for none. Modes that fall back to plain text are refused: whoever asks
 * for TLS would not learn that there is none.
 *
 * @throws UsageError `bad-sslmode`, UnavailableError `authority-unreadable`.
 */
export function tlsOf({ hostname, searchParams }: URL): ConnectionOptions | false {
  const mode = TLS_MODES.find((each) => each === (searchParams.get(MODE) ?? "disable"));
  if (mode === undefined) {
    throw new UsageError({
      code: "bad-sslmode",
      message: `Expected ${MODE} to be one of ${TLS_MODES.join(", ")}, got ${JSON.stringify(searchParams.get(MODE))}.`,
      nextStep: "Name one of them in the database's address or in release.yml: tls.mode.",
    });
  }
  const file = searchParams.get(AUTHORITY);
  switch (mode) {
    case "disable":
      return false;
    case "require":
      return { rejectUnauthorized: false };
    case "verify-ca":
      return { ...authorityOf(file), rejectUnauthorized: true, checkServerIdentity: () => undefined };
    case "verify-full":
      return {
        ...authorityOf(file),
        rejectUnauthorized: true,
        // Without a name, as for an IP address, Node.js would compare with `localhost`.
        checkServerIdentity: (_, certificate) =>
          checkServerIdentity(hostname.replace(/^\[(.*)\]$/, "$1"), certificate),
      };
  }
}

function authorityOf(file: string | null): Pick<ConnectionOptions, "ca"> {
  if (file === null) return {};
  try {
    return { ca: readFileSync(file) };
  } catch (cause) {
    throw new UnavailableError({
      code: "authority-unreadable",
      message: `Expected the certificate of an authority in ${file}, got: ${cause instanceof Error ? cause.message : String(cause)}.`,
      nextStep: `Correct ${AUTHORITY} in the database's address, or tls.ca in release.yml.`,
      cause,
    });
  }
}
