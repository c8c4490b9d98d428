import { createPrivateKey } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SecretRegistry } from "../../core/index.ts";
import {
  newKeyPair,
  publicKeysFile,
  readTrustedKeys,
  type StatementSigner,
  signerOf,
  type TrustedKeys,
} from "../../signatures/index.ts";
import { approveRelease } from "../approve-release.ts";
import { EVIDENCE_NAMES, nameFor } from "../evidence-names.ts";
import { archiveOf, type FileToFile, fileForRelease, type ReleasesOptions } from "../release-archive.ts";
import { sealArchive } from "../seal-archive.ts";

/** The time of all that the tests make. */
export const NOW_MS = Date.UTC(2025, 7, 1, 12);
const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const PASSPHRASE = "correct horse";

/** A person with a key. */
export interface Person {
  readonly name: string;
  readonly signer: StatementSigner;
  /** What a verifier is given. */
  readonly publicFile: string;
}

/** Makes a person whose key is valid from the day before. */
export function personOf(
  name: string,
  overrides: { readonly validFrom?: string; readonly validUntil?: string } = {},
): Person {
  const { privatePem, publicPem, keyId } = newKeyPair(PASSPHRASE);
  return {
    name,
    signer: signerOf(createPrivateKey({ key: privatePem, passphrase: PASSPHRASE })),
    publicFile: publicKeysFile({
      keyId,
      person: name,
      publicKey: publicPem,
      validFrom: overrides.validFrom ?? new Date(NOW_MS - 86_400_000).toISOString(),
      validUntil: overrides.validUntil ?? null,
    }),
  };
}

/** Writes the public keys of people as a verifier has them, and reads them. */
export async function trusting(folder: string, people: readonly Person[]): Promise<TrustedKeys> {
  mkdirSync(folder, { recursive: true });
  for (const { name, publicFile } of people) writeFileSync(join(folder, `${name}.keys.json`), publicFile);
  return readTrustedKeys([folder]);
}

/** Options for archives below a folder, at the tests' time. */
export function releasesIn(root: string, nowMs = NOW_MS): ReleasesOptions {
  return { root, clock: { nowMs: () => nowMs }, secrets: SecretRegistry.of("hunter2-secret") };
}

/** A file to be filed whose text is its own name. */
export function fileNamed(path: string, text = `${path}\n`, atMs = NOW_MS): FileToFile {
  return { path, kind: "test", content: { kind: "text", text }, atMs, command: `cat ${path}`, madeFrom: [] };
}

/** Files all that is required before a deployment. */
export async function fileBefore(options: ReleasesOptions, release: string): Promise<string> {
  const names = EVIDENCE_NAMES.filter(({ required, stage }) => required && stage === "before");
  const files = [
    ...names.map((name) => fileNamed(nameFor(name, release))),
    fileNamed("runs/20250801-1/run.json", "{}\n"),
    fileNamed("runs/20250801-1/logs/platform.log", ""),
  ];
  const filing = { command: "kanit preflight", commit: COMMIT, target: "https://spark.example", files };
  return (await fileForRelease(options, release, filing)).folder;
}

/** Seals an archive at the tests' time. */
export async function seal(options: ReleasesOptions, release: string, { signer }: Person) {
  const folder = await archiveOf(options.root, release);
  return sealArchive({ folder, release, stage: "before", signer, clock: options.clock });
}

/** Signs a release as one person. */
export async function approve(
  options: ReleasesOptions,
  release: string,
  { signer }: Person,
  role: "deployer" | "reviewer",
  decision: "GO" | "NO-GO" = "GO",
): Promise<void> {
  const folder = await archiveOf(options.root, release);
  await approveRelease({
    ...options,
    folder,
    release,
    decision,
    role,
    signer,
    command: "kanit evidence approve",
  });
}

/** A release with all that is due before its deployment, sealed, approved by two people, and sealed again. */
export async function sealedRelease(
  root: string,
  release: string,
  people: readonly [Person, Person],
): Promise<string> {
  const options = releasesIn(root);
  const folder = await fileBefore(options, release);
  await seal(options, release, people[0]);
  await approve(options, release, people[0], "deployer");
  await approve(options, release, people[1], "reviewer");
  await seal(options, release, people[0]);
  return folder;
}
