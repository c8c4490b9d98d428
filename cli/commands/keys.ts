import { mkdir, open } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { systemClock, UnavailableError, UsageError } from "../../core/index.ts";
import { newKeyPair, PUBLIC_KEYS_SUFFIX, publicKeysFile } from "../../signatures/index.ts";
import type { CommandContext } from "../context.ts";
import { nonEmpty, wholeNumber } from "../parse-arguments.ts";
import { passphraseOf } from "../signing-flags.ts";

const OWNER_ONLY_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;
const PUBLIC_FILE = 0o644;
const SHORTEST_PASSPHRASE_CHARS = 12;
const LONGEST_VALIDITY_DAYS = 3_650;
const DAY_MS = 86_400_000;

interface NewFlags {
  readonly folder: string;
  readonly days: number;
  readonly passphraseFile?: string;
}

/** `kanit keys new <person>`: a pair of keys that signs evidence. */
export function addKeysCommand(program: Command, context: CommandContext): void {
  program
    .command("keys")
    .description("the keys with which evidence is signed")
    .command("new")
    .description(
      "make a key pair (Ed25519): a private key with a passphrase, and the public one for verifiers",
    )
    .argument("<person>", "who signs with it: mara@example.com, ci", person)
    .option("--folder <folder>", "where the files go; never beside the evidence", nonEmpty, "keys")
    .option("--days <n>", "for how long it is valid", wholeNumber(1, LONGEST_VALIDITY_DAYS), 365)
    .option("--passphrase-file <file>", "its passphrase (default: $KANIT_KEY_PASSPHRASE)", nonEmpty)
    .action((name: string, flags: NewFlags) => newKey(name, flags, context));
}

async function newKey(name: string, flags: NewFlags, { environment, output }: CommandContext): Promise<void> {
  const passphrase = await passphraseOf(flags, environment);
  if (passphrase === null || passphrase.length < SHORTEST_PASSPHRASE_CHARS) {
    throw new UsageError({
      code: "no-passphrase",
      message: `Expected a passphrase of at least ${SHORTEST_PASSPHRASE_CHARS} characters, got ${
        passphrase === null ? "none" : `${passphrase.length}`
      }.`,
      nextStep: "Give it in a file with --passphrase-file, or as $KANIT_KEY_PASSPHRASE.",
    });
  }
  const folder = resolve(flags.folder);
  const { privatePem, publicPem, keyId } = newKeyPair(passphrase);
  const validFromMs = Math.floor(systemClock.nowMs() / 1_000) * 1_000;
  const publicKeys = publicKeysFile({
    keyId,
    person: name,
    publicKey: publicPem,
    validFrom: new Date(validFromMs).toISOString(),
    validUntil: new Date(validFromMs + flags.days * DAY_MS).toISOString(),
  });
  const base = join(folder, name);
  const paths = {
    private: `${base}.key.pem`,
    public: `${base}${PUBLIC_KEYS_SUFFIX}`,
    pem: `${base}.pub.pem`,
  };
  await mkdir(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
  await writeNew(paths.private, privatePem, PRIVATE_FILE);
  await writeNew(paths.public, publicKeys, PUBLIC_FILE);
  await writeNew(paths.pem, publicPem, PUBLIC_FILE);
  output.line(`key ${keyId} of ${name}, valid for ${flags.days} days`);
  output.line(`  private  ${paths.private} (never share it)`);
  output.line(`  public   ${paths.public} (for --keys; hand it to verifiers by a way of its own)`);
  output.line(`  PEM      ${paths.pem} (for other verifiers)`);
  output.result({ keyId, person: name, ...paths });
}

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  try {
    await using file = await open(path, "wx", mode);
    // The mode that was asked for, whatever the mask of new files is.
    await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new UnavailableError({
      code: "key-not-written",
      message: `Expected to write a new file at ${path}, got ${code}.`,
      nextStep: "An existing key is never overwritten: name another folder with --folder.",
      cause,
    });
  }
}

function person(text: string): string {
  if (/^[\w][\w.+@-]{0,99}$/.test(text)) return text;
  throw new InvalidArgumentError("Expected a name or an e-mail address: mara@example.com.");
}
