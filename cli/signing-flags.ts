import { resolve } from "node:path";
import type { Command } from "commander";
import { UsageError } from "../core/index.ts";
import {
  commandSigner,
  ed25519PublicKey,
  privateKeyOf,
  readPrivateKey,
  type StatementSigner,
  signerOf,
} from "../signatures/index.ts";
import type { Environment } from "./environment.ts";
import { readInputText } from "./input-file.ts";
import { collect, nonEmpty } from "./parse-arguments.ts";

/** A hardware key may wait for a touch. */
const SIGNER_LIMIT_MS = 60_000;
const LARGEST_FILE_BYTES = 64 * 1024;

/** The flags that say with which key is signed. */
export interface SigningFlags {
  readonly key: readonly string[];
  readonly passphraseFile?: string;
  readonly signer?: string;
  readonly publicKey?: string;
}

/** Adds the flags of a signature to a command. */
export function withSigningFlags(command: Command): Command {
  return command
    .option(
      "--key <file>",
      "the private key that signs (default: $KANIT_SIGNING_KEY); repeatable",
      collect,
      [],
    )
    .option("--passphrase-file <file>", "its passphrase (default: $KANIT_KEY_PASSPHRASE)", nonEmpty)
    .option(
      "--signer <command>",
      "a program that signs: bytes at its input, signature at its output",
      nonEmpty,
    )
    .option("--public-key <file>", "the public key of --signer, as PEM", nonEmpty);
}

/**
 * The signers that the flags name, or the one of the environment.
 *
 * @throws UsageError `no-key`, and as `readPrivateKey` does.
 */
export async function signersOf(
  flags: SigningFlags,
  environment: Environment,
): Promise<readonly [StatementSigner, ...StatementSigner[]]> {
  const passphrase = await passphraseOf(flags, environment);
  const signers: StatementSigner[] = [];
  for (const path of flags.key) {
    signers.push(signerOf(await readPrivateKey(resolve(path), passphrase, process.getuid?.() ?? null)));
  }
  if (flags.signer !== undefined) signers.push(await externalSigner(flags.signer, flags.publicKey));
  const { key } = environment.signing;
  if (signers.length === 0 && key !== null) {
    environment.secrets.register("KANIT_SIGNING_KEY", key);
    signers.push(signerOf(privateKeyOf(key, passphrase, "$KANIT_SIGNING_KEY")));
  }
  const [first, ...others] = signers;
  if (first !== undefined) return [first, ...others];
  throw new UsageError({
    code: "no-key",
    message: "Expected a key to sign with, got none.",
    nextStep: "Name one with --key, --signer or $KANIT_SIGNING_KEY; `kanit keys new` makes one.",
  });
}

/** The passphrase of private keys; null when none was given. */
export async function passphraseOf(
  { passphraseFile }: Pick<SigningFlags, "passphraseFile">,
  { signing, secrets }: Environment,
): Promise<string | null> {
  const passphrase =
    passphraseFile === undefined
      ? signing.passphrase
      : (await readInputText(passphraseFile, LARGEST_FILE_BYTES)).replace(/\r?\n$/, "");
  if (passphrase !== null) secrets.register("KANIT_KEY_PASSPHRASE", passphrase);
  return passphrase;
}

async function externalSigner(command: string, publicKeyPath: string | undefined): Promise<StatementSigner> {
  const [program, ...words] = command.trim().split(/\s+/);
  const publicKey =
    publicKeyPath === undefined
      ? null
      : ed25519PublicKey(await readInputText(publicKeyPath, LARGEST_FILE_BYTES));
  if (program !== undefined && publicKey !== null) {
    return commandSigner({ words: [program, ...words], publicKey, timeLimitMs: SIGNER_LIMIT_MS });
  }
  throw new UsageError({
    code: "bad-signer",
    message: "Expected --signer together with --public-key, an Ed25519 public key as PEM.",
    nextStep: "A signature is checked at once, so that a wrong key is not found out by others.",
  });
}
