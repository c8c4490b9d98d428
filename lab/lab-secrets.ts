import { randomBytes } from "node:crypto";
import type { SecretRegistry } from "../core/index.ts";
import { scramVerifier } from "./scram-verifier.ts";

// 192 bits cannot be guessed, so guessing need not be slowed down.
const SECRET_BYTES = 24;

/** The identity and the password of a client of Postgres or pgBouncer. */
export interface DatabaseLogin {
  readonly role: "kanit" | "spark";
  readonly password: string;
  /**
   * The verifier that servers store; with the same one at pgBouncer and Postgres, pgBouncer can
   * log its clients in there.
   */
  readonly verifier: string;
}

/**
 * The secrets that a lab generates, so that only its own clients get access: every user of the
 * machine can reach its ports.
 */
export interface LabSecrets {
  /** Postgres's superuser. Neither the platform nor pgBouncer receives its password. */
  readonly databaseAdmin: DatabaseLogin;
  /** The role that owns the platform's database: it may create schemas there, but not run programs. */
  readonly platform: DatabaseLogin;
  /** The user of pgBouncer's console. */
  readonly poolerConsole: DatabaseLogin;
  /** What the control APIs of the fault proxy and of the venues ask for. */
  readonly controlToken: string;
  /** What the platform may ask for before it resets itself. It is the only one that the platform is told. */
  readonly platformToken: string;
}

/** Generates all secrets of a lab and registers them. */
export function drawLabSecrets(registry: SecretRegistry): LabSecrets {
  return {
    databaseAdmin: drawLogin("kanit", registry),
    platform: drawLogin("spark", registry),
    poolerConsole: drawLogin("kanit", registry),
    controlToken: drawSecret("control token", registry),
    platformToken: drawSecret("platform token", registry),
  };
}

/** Generates a password for this role and registers it. */
export function drawLogin(role: DatabaseLogin["role"], registry: SecretRegistry): DatabaseLogin {
  const password = drawSecret(`password of ${role}`, registry);
  return { role, password, verifier: scramVerifier(password) };
}

/** Generates one secret of letters and digits, which need no escaping, and registers it. */
function drawSecret(name: string, registry: SecretRegistry): string {
  const secret = randomBytes(SECRET_BYTES).toString("hex");
  registry.register(name, secret);
  return secret;
}

/** What every platform is told besides its addresses. */
export function platformTokenVariable({ platformToken }: Pick<LabSecrets, "platformToken">) {
  return { KANIT_PLATFORM_TOKEN: platformToken };
}

/** What the lab's own requests to the platform show, by a header that a platform without such a check ignores. */
export function platformHeaders({ platformToken }: Pick<LabSecrets, "platformToken">) {
  return { "kanit-token": platformToken };
}

/** The address for a client, with user, password, host and database. */
export function databaseUrl(
  { role, password }: Pick<DatabaseLogin, "role" | "password">,
  host: string,
  database: string,
): string {
  return `postgresql://${role}:${password}@${host}/${database}`;
}
