import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

/** The minimum of RFC 7677; some clients refuse fewer. */
const ITERATIONS = 4_096;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/**
 * Returns the SCRAM-SHA-256 verifier of a password, which Postgres and pgBouncer accept in its place. It
 * reveals neither the password nor a way to log in.
 *
 * @param password in ASCII, which needs no normalization.
 */
export function scramVerifier(password: string): string {
  const salt = randomBytes(SALT_BYTES);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, KEY_BYTES, "sha256");
  const keyOf = (name: string) => createHmac("sha256", salted).update(name).digest();
  const storedKey = createHash("sha256").update(keyOf("Client Key")).digest("base64");
  const serverKey = keyOf("Server Key").toString("base64");
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}
