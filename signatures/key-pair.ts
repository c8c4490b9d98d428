import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";

/** A new pair of Ed25519 keys, as files have them. */
export interface KeyPair {
  /** PKCS #8, encrypted with the passphrase. */
  readonly privatePem: string;
  /** SPKI. */
  readonly publicPem: string;
  readonly keyId: string;
}

/** Makes a pair of Ed25519 keys whose private one is encrypted. */
export function newKeyPair(passphrase: string): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    privatePem: privateKey
      .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase })
      .toString(),
    publicPem: pemOf(publicKey),
    keyId: keyIdOf(publicKey),
  };
}

/** A public key as PEM. */
export function pemOf(publicKey: KeyObject): string {
  return publicKey.export({ type: "spki", format: "pem" }).toString();
}

/** Names a key by what it is: the SHA-256 of its DER, as `openssl pkey -pubin -outform DER | sha256sum` prints it. */
export function keyIdOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(der).digest("hex");
}

/** The public key of a private or public one; null when the text is no Ed25519 key. */
export function ed25519PublicKey(pem: string): KeyObject | null {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === "ed25519" ? key : null;
  } catch {
    // Not PEM, or of a kind that this Node does not read: the caller says what it expected.
    return null;
  }
}
