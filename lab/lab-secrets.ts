import { randomBytes } from "node:crypto";
import type { SecretRegistry } from "../core/index.ts";
import { scramVerifier } from "./scram-verifier.ts";

// 192 bits: nobody guesses it, and so nothing has to make guessing slow.
const SECRET_BYTES = 24;

/** Who a client of Postgres or pgBouncer is, and how it proves that. */
export interface DatabaseLogin {
  readonly role: "kanit" | "spark";
  readonly password: string;
  /** What servers compare with; the same one for pgBouncer and Postgres lets pgBouncer log its clients in there. */
  readonly verifier: string;
}

/** What a lab draws so that only whoever is told it gets in: every user of the machine reaches the same ports. */
export interface LabSecrets {
  /** Postgres's superuser. Neither the platform nor pgBouncer is told its password. */
  readonly databaseAdmin: DatabaseLogin;
  /** The role that owns the platform's database: it makes its own schemas there, and runs no program. */
  readonly platform: DatabaseLogin;
  /** The user of pgBouncer's console. */
  readonly poolerConsole: DatabaseLogin;
}

/** Draws all secrets of a lab and registers them. */
export function drawLabSecrets(registry: SecretRegistry): LabSecrets {
  return {
    databaseAdmin: drawLogin("kanit", registry),
    platform: drawLogin("spark", registry),
    poolerConsole: drawLogin("kanit", registry),
  };
}

/** Draws a password for this role and registers it. */
export function drawLogin(role: DatabaseLogin["role"], registry: SecretRegistry): DatabaseLogin {
  const password = drawSecret(`password of ${role}`, registry);
  return { role, password, verifier: scramVerifier(password) };
}

/** Draws one secret of letters and digits, which need no escape anywhere, and registers it. */
function drawSecret(name: string, registry: SecretRegistry): string {
  const secret = randomBytes(SECRET_BYTES).toString("hex");
  registry.register(name, secret);
  return secret;
}

/** The address by which a client is told everything: who it is, how it proves that, and where it goes. */
export function databaseUrl(
  { role, password }: Pick<DatabaseLogin, "role" | "password">,
  host: string,
  database: string,
): string {
  return `postgresql://${role}:${encodeURIComponent(password)}@${host}/${database}`;
}
