import type { KeyObject } from "node:crypto";
import { lstat, readdir, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { z } from "zod";
import { UsageError } from "../core/index.ts";
import { readWholeFile, UnreadableFile } from "../evidence/index.ts";
import { ed25519PublicKey, keyIdOf } from "./key-pair.ts";

const LARGEST_FILE_BYTES = 1024 * 1024;
/** The ending of files that hold public keys. */
export const PUBLIC_KEYS_SUFFIX = ".keys.json";

const keyShape = z.strictObject({
  keyId: z.string().regex(/^[0-9a-f]{64}$/),
  /** Who signs with it: `mara@example.com`, `ci`. */
  person: z.string().min(1).max(200),
  /** PEM. */
  publicKey: z.string(),
  validFrom: z.iso.datetime(),
  validUntil: z.iso.datetime().nullable(),
  revoked: z.strictObject({ at: z.iso.datetime(), reason: z.enum(["replaced", "compromised"]) }).nullable(),
});
const fileShape = z.strictObject({ schema: z.literal("kanit.keys/1"), keys: z.array(keyShape).min(1) });

/** Public keys as a file has them. */
export type PublicKeysFile = z.infer<typeof fileShape>;

/** A public key, whose it is, and when it counts. */
export interface TrustedKey {
  readonly keyId: string;
  readonly person: string;
  readonly publicKey: KeyObject;
  readonly validFromMs: number;
  /** Null: without an end. */
  readonly validUntilMs: number | null;
  readonly revoked: { readonly atMs: number; readonly reason: "replaced" | "compromised" } | null;
}

/** The keys that a verifier was given, by their id. */
export interface TrustedKeys {
  readonly byId: ReadonlyMap<string, TrustedKey>;
  /** Where they were read from, without links: keys that lie beside the evidence prove nothing. */
  readonly places: readonly string[];
}

export const NO_KEYS: TrustedKeys = { byId: new Map(), places: [] };

/** A key in the form in which a verifier is given it. */
export function publicKeysFile(key: Omit<PublicKeysFile["keys"][number], "revoked">): string {
  const file: PublicKeysFile = { schema: "kanit.keys/1", keys: [{ ...key, revoked: null }] };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * Reads public keys: files, and all files `*.keys.json` of folders.
 *
 * @throws UsageError `bad-keys`.
 */
export async function readTrustedKeys(paths: readonly string[]): Promise<TrustedKeys> {
  const files = (await Promise.all(paths.map(filesAt))).flat();
  const keys = (await Promise.all(files.map(keysIn))).flat();
  const byId = new Map<string, TrustedKey>();
  for (const key of keys) {
    const known = byId.get(key.keyId);
    if (known !== undefined && !isSame(known, key)) {
      throw badKeys(paths.join(", "), `key ${key.keyId.slice(0, 12)} twice, with different facts`);
    }
    byId.set(key.keyId, key);
  }
  if (byId.size === 0) throw badKeys(paths.join(", "), "none");
  return { byId, places: files };
}

async function filesAt(path: string): Promise<readonly string[]> {
  try {
    const real = await realpath(path);
    if (!(await lstat(real)).isDirectory()) return [real];
    const names = (await readdir(real)).filter((name) => name.endsWith(PUBLIC_KEYS_SUFFIX));
    return names.sort().map((name) => join(real, name));
  } catch (cause) {
    throw badKeys(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

async function keysIn(path: string): Promise<readonly TrustedKey[]> {
  let value: unknown;
  try {
    value = JSON.parse((await readWholeFile(path, LARGEST_FILE_BYTES)).toString("utf8"));
  } catch (cause) {
    if (!(cause instanceof UnreadableFile) && !(cause instanceof SyntaxError)) throw cause;
    throw badKeys(path, cause instanceof SyntaxError ? "no JSON" : `a file that ${cause.message}`, cause);
  }
  const parsed = fileShape.safeParse(value);
  if (!parsed.success) {
    throw badKeys(path, z.prettifyError(parsed.error).split("\n", 1)[0] ?? "something else");
  }
  return parsed.data.keys.map((key) => trustedKey(path, key));
}

function trustedKey(path: string, key: PublicKeysFile["keys"][number]): TrustedKey {
  const publicKey = ed25519PublicKey(key.publicKey);
  // Node derives a public key from a private one as well.
  if (publicKey === null || key.publicKey.includes("PRIVATE")) throw badKeys(path, "no Ed25519 public key");
  if (keyIdOf(publicKey) !== key.keyId) throw badKeys(path, `another key than ${key.keyId} states`);
  return {
    keyId: key.keyId,
    person: key.person,
    publicKey,
    validFromMs: Date.parse(key.validFrom),
    validUntilMs: key.validUntil === null ? null : Date.parse(key.validUntil),
    revoked: key.revoked === null ? null : { atMs: Date.parse(key.revoked.at), reason: key.revoked.reason },
  };
}

function isSame(one: TrustedKey, other: TrustedKey): boolean {
  const facts = ({ publicKey: _, ...rest }: TrustedKey) => JSON.stringify(rest);
  return facts(one) === facts(other);
}

function badKeys(path: string, received: string, cause?: unknown): UsageError {
  return new UsageError({
    code: "bad-keys",
    message: `Expected public keys (kanit.keys/1) at ${path}, got ${received}.`,
    nextStep: `\`kanit keys new\` writes them as <name>${PUBLIC_KEYS_SUFFIX}; a folder has any number of such files.`,
    cause,
  });
}

/** Whether one of the files lies in a folder, whatever links lead to it. */
export async function liesIn(folder: string, { places }: TrustedKeys): Promise<boolean> {
  const real = await realpath(folder);
  return places.some((place) => place === real || place.startsWith(`${real}${sep}`));
}

/** Why a key does not count for a signature made at a time; null when it does. */
export function whyNotValid(key: TrustedKey, atMs: number): string | null {
  const { validFromMs, validUntilMs, revoked } = key;
  if (revoked?.reason === "compromised") {
    // Whoever has it can write any time into what it signs.
    return `was compromised (reported ${dateOf(revoked.atMs)}), so that no time it states counts`;
  }
  if (atMs < validFromMs) return `is valid from ${dateOf(validFromMs)} on, after the signature`;
  if (validUntilMs !== null && atMs >= validUntilMs)
    return `was valid until ${dateOf(validUntilMs)}, before the signature`;
  if (revoked !== null && atMs >= revoked.atMs)
    return `was revoked on ${dateOf(revoked.atMs)}, before the signature`;
  return null;
}

function dateOf(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
