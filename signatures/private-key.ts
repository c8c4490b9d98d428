import { createPrivateKey, type KeyObject } from "node:crypto";
import { lstat } from "node:fs/promises";
import { RefusedError, UsageError } from "../core/index.ts";
import { readWholeFile, UnreadableFile } from "../evidence/index.ts";

const LARGEST_KEY_BYTES = 64 * 1024;
const OTHERS = 0o077;

/**
 * Reads a private key from a file that nobody else can read.
 *
 * @param ownUserId The user that runs kanit; null where the system has no such ids.
 * @throws UsageError `bad-key-file`, `bad-key` or `wrong-passphrase`.
 * @throws RefusedError `key-file-open` when others may read it, or own it.
 */
export async function readPrivateKey(
  path: string,
  passphrase: string | null,
  ownUserId: number | null,
): Promise<KeyObject> {
  let text: string;
  try {
    text = (await readWholeFile(path, LARGEST_KEY_BYTES)).toString("utf8");
  } catch (cause) {
    if (!(cause instanceof UnreadableFile)) throw cause;
    throw new UsageError({
      code: "bad-key-file",
      message: `Expected the file of a private key, but ${path} ${cause.message}.`,
      nextStep: "Name the file itself; `kanit keys new` makes one.",
      cause,
    });
  }
  await checkOwner(path, ownUserId);
  return privateKeyOf(text, passphrase, path);
}

async function checkOwner(path: string, ownUserId: number | null): Promise<void> {
  const { mode, uid } = await lstat(path);
  const isForeign = ownUserId !== null && uid !== ownUserId;
  if ((mode & OTHERS) === 0 && !isForeign) return;
  const what = isForeign
    ? `belongs to user ${uid}`
    : `has mode ${(mode & 0o777).toString(8).padStart(4, "0")}`;
  throw new RefusedError({
    code: "key-file-open",
    message: `Expected a private key that only you can read, but ${path} ${what}.`,
    nextStep: `Whoever could read it can sign as you: make a new key, and keep it with \`chmod 600\`.`,
  });
}

/**
 * Reads a private key from its text.
 *
 * @param source Names it in messages: a path, or `$KANIT_SIGNING_KEY`.
 * @throws UsageError `bad-key`, or `wrong-passphrase`.
 */
export function privateKeyOf(pem: string, passphrase: string | null, source: string): KeyObject {
  const isEncrypted = pem.includes("ENCRYPTED PRIVATE KEY");
  if (isEncrypted && passphrase === null) throw wrongPassphrase(source, "none");
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, ...(passphrase === null ? {} : { passphrase }) });
  } catch (cause) {
    if (isEncrypted) throw wrongPassphrase(source, "another one", cause);
    throw badKey(source, "something else", cause);
  }
  if (key.asymmetricKeyType === "ed25519") return key;
  throw badKey(source, `a key of type ${key.asymmetricKeyType ?? "unknown"}`);
}

function badKey(source: string, received: string, cause?: unknown): UsageError {
  return new UsageError({
    code: "bad-key",
    message: `Expected an Ed25519 private key (PKCS #8, PEM) in ${source}, got ${received}.`,
    nextStep: "Make one with `kanit keys new`.",
    cause,
  });
}

function wrongPassphrase(source: string, received: string, cause?: unknown): UsageError {
  return new UsageError({
    code: "wrong-passphrase",
    message: `Expected the passphrase of the private key in ${source}, got ${received}.`,
    nextStep: "Give it in a file with --passphrase-file, or as $KANIT_KEY_PASSPHRASE.",
    cause,
  });
}
