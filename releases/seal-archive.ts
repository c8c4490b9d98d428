import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Clock, UnavailableError } from "../core/index.ts";
import { digestFile, UnreadableFile, writeAtomically } from "../evidence/index.ts";
import { type StatementSigner, signStatement, statementOf } from "../signatures/index.ts";
import { type Checksum, encodeChecksums } from "./checksum-file.ts";
import { completenessFindings } from "./completeness.ts";
import { type CurrentFile, commitOf, filesAfter } from "./current-files.ts";
import type { Stage } from "./evidence-names.ts";
import { journalPath, LAYOUT, sealedManifestPath, sealPath } from "./layout.ts";
import { endInterruptedFilings } from "./place-files.ts";
import { readOpenArchive } from "./release-archive.ts";
import { SEALED, type SealedEntry } from "./release-entry.ts";
import { appendLine, type ReleaseJournal } from "./release-journal.ts";
import { SEAL_TYPE, type SealPredicate } from "./seal-predicate.ts";

export interface SealOptions {
  readonly folder: string;
  readonly release: string;
  /** Up to which stage evidence is due. */
  readonly stage: Stage;
  readonly signer: StatementSigner;
  readonly clock: Pick<Clock, "nowMs">;
}

/** A seal that was made. */
export interface MadeSeal {
  readonly predicate: SealPredicate;
  /** The SHA-256 of the manifest: the digest of the evidence. */
  readonly manifestSha256: string;
  /** The SHA-256 of the bundle, with which it can be proved later that this seal was not the last. */
  readonly bundleSha256: string;
  readonly files: number;
}

/**
 * Seals an archive: hashes its payload, writes the manifests, signs, and states the seal in the journal. Only that line
 * makes the archive sealed; what was written before it is overwritten by the next try.
 *
 * @throws UnavailableError `evidence-changed` when a file is not as it was filed, or `filed-meanwhile`.
 */
export async function sealArchive({ folder, release, stage, signer, clock }: SealOptions): Promise<MadeSeal> {
  const journal = await readOpenArchive(folder, release);
  const nowMs = clock.nowMs();
  await endInterruptedFilings(folder, journal, nowMs);
  const files = filesAfter(journal.filings, Number.POSITIVE_INFINITY);
  await checkContents(folder, files);
  const number = journal.seals.length + 1;
  const manifest = encodeChecksums(payloadChecksums(files));
  const bytes = [...files.values()].reduce((sum, file) => sum + file.bytes, 0);
  await writeAtomically(join(folder, LAYOUT.information), informationOf(journal, files.size, bytes, nowMs));
  await writeAtomically(join(folder, LAYOUT.manifest), manifest);
  await writeAtomically(join(folder, sealedManifestPath(number)), manifest);
  const tags = encodeChecksums(await tagChecksums(folder, journal));
  await writeAtomically(join(folder, LAYOUT.tagManifest), tags);
  const { head } = journal;
  if (head === null) throw new Error("An archive has a first line.");
  const predicate: SealPredicate = {
    release,
    attempt: journal.created?.attempt ?? 1,
    number,
    sealedAt: new Date(nowMs).toISOString(),
    stage,
    commit: commitOf(journal.filings),
    journal: { sequence: head.sequence, hash: head.hash },
    tagManifest: sha256Of(tags),
    previousSeal: journal.seals.at(-1)?.bundle ?? null,
    payload: { files: files.size, bytes },
    incomplete: completenessFindings(journal, stage, nowMs)
      .filter(({ verdict }) => verdict !== "pass")
      .map(({ code, line }) => `${code}: ${line}`),
  };
  const subject = { name: LAYOUT.manifest, digest: { sha256: sha256Of(manifest) } };
  const bundle = await signStatement(statementOf([subject], SEAL_TYPE, predicate), signer);
  await writeAtomically(join(folder, sealPath(number)), bundle);
  const entry = { number, bundle: sha256Of(bundle), manifest: sha256Of(manifest) };
  await stateSeal(folder, clock, head.sequence, entry);
  return { predicate, manifestSha256: entry.manifest, bundleSha256: entry.bundle, files: files.size };
}

/** The line right after the head that was sealed, or none. */
async function stateSeal(
  folder: string,
  clock: Pick<Clock, "nowMs">,
  sealedSequence: number,
  entry: SealedEntry,
): Promise<void> {
  await appendLine(folder, SEALED, clock.nowMs(), async ({ head }) => {
    if (head?.sequence === sealedSequence) return entry;
    throw new UnavailableError({
      code: "filed-meanwhile",
      message: `Expected nobody to file into ${folder} while it is sealed, but somebody did. It is not sealed.`,
      nextStep: "Seal it again.",
    });
  });
}

async function checkContents(folder: string, files: ReadonlyMap<string, CurrentFile>): Promise<void> {
  for (const [path, { sha256, bytes }] of files) {
    const received = await contentOf(join(folder, LAYOUT.data, path));
    if (received === `SHA-256 ${sha256}, ${bytes} bytes`) continue;
    throw new UnavailableError({
      code: "evidence-changed",
      message: `Expected ${path} as it was filed (SHA-256 ${sha256}, ${bytes} bytes), but it ${received.startsWith("SHA") ? `has ${received}` : received}.`,
      nextStep:
        "What was changed is not sealed. Find out who did it, then file it again from where it came from.",
    });
  }
}

async function contentOf(path: string): Promise<string> {
  try {
    const { sha256, bytes } = await digestFile(path);
    return `SHA-256 ${sha256}, ${bytes} bytes`;
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return error.message;
  }
}

function payloadChecksums(files: ReadonlyMap<string, CurrentFile>): readonly Checksum[] {
  return [...files].map(([path, { sha256 }]) => ({ path: `${LAYOUT.data}/${path}`, sha256 }));
}

/** What the archive has besides the payload: the journal up to its head, and the seals before this one. */
async function tagChecksums(folder: string, journal: ReleaseJournal): Promise<readonly Checksum[]> {
  const paths = [
    LAYOUT.declaration,
    LAYOUT.information,
    LAYOUT.manifest,
    ...journal.hashes.map((_, sequence) => journalPath(sequence)),
    ...journal.seals.flatMap(({ number }) => [sealPath(number), sealedManifestPath(number)]),
  ];
  const checksums: Checksum[] = [];
  for (const path of paths) checksums.push({ path, sha256: (await digestFile(join(folder, path))).sha256 });
  return checksums;
}

function informationOf({ created }: ReleaseJournal, files: number, bytes: number, nowMs: number): string {
  const lines = [
    `External-Identifier: ${created?.release ?? ""}`,
    "External-Description: The evidence of a release",
    `Bagging-Date: ${new Date(nowMs).toISOString().slice(0, 10)}`,
    `Payload-Oxum: ${bytes}.${files}`,
    "Bag-Software-Agent: kanit",
  ];
  return `${lines.join("\n")}\n`;
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
