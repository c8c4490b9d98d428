export { commandSigner } from "./command-signer.ts";
export { ed25519PublicKey, newKeyPair } from "./key-pair.ts";
export { privateKeyOf, readPrivateKey } from "./private-key.ts";
export { signStatement } from "./sign-statement.ts";
export { type StatementSigner, signerOf } from "./signer.ts";
export { type Statement, type Subject, statementOf, statementShape } from "./statement.ts";
export {
  liesIn,
  NO_KEYS,
  PUBLIC_KEYS_SUFFIX,
  publicKeysFile,
  readTrustedKeys,
  type TrustedKeys,
} from "./trusted-keys.ts";
export { verifyBundle } from "./verify-bundle.ts";
