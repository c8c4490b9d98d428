import { createPublicKey, type KeyObject, sign } from "node:crypto";
import { keyIdOf } from "./key-pair.ts";

/** What signs: a key in memory, or a program that has access to one elsewhere. */
export interface StatementSigner {
  readonly keyId: string;
  readonly publicKey: KeyObject;
  /** Returns the Ed25519 signature, 64 bytes. */
  sign(bytes: Buffer): Promise<Buffer>;
}

/** A signer with a private key in memory. */
export function signerOf(privateKey: KeyObject): StatementSigner {
  const publicKey = createPublicKey(privateKey);
  return {
    keyId: keyIdOf(publicKey),
    publicKey,
    sign: async (bytes) => sign(null, bytes, privateKey),
  };
}
