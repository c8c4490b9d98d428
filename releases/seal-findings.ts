import { z } from "zod";
import { type Statement, type TrustedKeys, verifyBundle } from "../signatures/index.ts";
import { decodeChecksums } from "./checksum-file.ts";
import { commitOf, filesAfter } from "./current-files.ts";
import { LAYOUT, sealedManifestPath, sealPath } from "./layout.ts";
import { readSmallFile } from "./read-small-file.ts";
import { broken, open, type ReleaseFinding, sound } from "./release-finding.ts";
import type { ReleaseJournal, StatedSeal } from "./release-journal.ts";
import { SEAL_TYPE, type SealPredicate, sealPredicateShape } from "./seal-predicate.ts";

/** A seal that the journal states, and what its bundle was found to be. */
export interface SealReading {
  readonly stated: StatedSeal;
  /** What it says; null when it cannot be read. */
  readonly predicate: SealPredicate | null;
  /** By the verifier's list of keys; null when its key is not among them. */
  readonly signedBy: string | null;
  readonly findings: readonly ReleaseFinding[];
}

/** Verifies each seal: its signature, what it is about, and that each follows the one before it. */
export async function sealFindings(
  folder: string,
  journal: ReleaseJournal,
  keys: TrustedKeys,
  nowMs: number,
): Promise<readonly SealReading[]> {
  return Promise.all(journal.seals.map((stated) => sealReading(folder, journal, stated, keys, nowMs)));
}

async function sealReading(
  folder: string,
  journal: ReleaseJournal,
  stated: StatedSeal,
  keys: TrustedKeys,
  nowMs: number,
): Promise<SealReading> {
  const path = sealPath(stated.number);
  const refuse = (why: string): SealReading => ({
    stated,
    predicate: null,
    signedBy: null,
    findings: [broken("signature", `${path}: ${why}`)],
  });
  const file = await readSmallFile(folder, path);
  if (file === null || "why" in file) return refuse(file?.why ?? "is missing");
  if (file.sha256 !== stated.bundle) return refuse("is not the bundle that the journal states");
  const reading = await verifyBundle(file.text, keys, { predicateType: SEAL_TYPE, timeOf, nowMs });
  if (reading.kind === "refused") return refuse(reading.why);
  const parsed = sealPredicateShape.safeParse(reading.statement.predicate);
  if (!parsed.success)
    return refuse(z.prettifyError(parsed.error).split("\n", 1)[0] ?? "says something else");
  const whose =
    reading.kind === "signed"
      ? sound(
          "signature",
          `seal ${stated.number} is signed by ${reading.key.person}, ${parsed.data.sealedAt}`,
        )
      : open(
          "signature",
          `seal ${stated.number} is signed with key ${reading.keyId.slice(0, 12)}, which is not among those given`,
        );
  const mismatches = [
    ...(await subjectMismatches(folder, journal, stated, reading.statement)),
    ...predicateMismatches(journal, stated, parsed.data),
  ];
  return {
    stated,
    predicate: parsed.data,
    signedBy: reading.kind === "signed" && mismatches.length === 0 ? reading.key.person : null,
    findings: [whose, ...mismatches.map((line) => broken("signature", `${path}: ${line}`))],
  };
}

function timeOf({ predicate }: Statement): number | null {
  const { success, data } = sealPredicateShape.safeParse(predicate);
  return success ? Date.parse(data.sealedAt) : null;
}

/** The manifest that was signed, the one that lies there, and the one that the journal makes, are one. */
async function subjectMismatches(
  folder: string,
  journal: ReleaseJournal,
  stated: StatedSeal,
  { subject }: Statement,
): Promise<readonly string[]> {
  const [first] = subject;
  if (subject.length !== 1 || first?.name !== LAYOUT.manifest) return [`is not about ${LAYOUT.manifest}`];
  const path = sealedManifestPath(stated.number);
  const manifest = await readSmallFile(folder, path);
  if (manifest === null || "why" in manifest) return [`${path} ${manifest?.why ?? "is missing"}`];
  if (first.digest.sha256 !== manifest.sha256) return [`is about another manifest than ${path}`];
  if (stated.manifest !== manifest.sha256) return ["is about another manifest than the journal states"];
  const checksums = decodeChecksums(manifest.text);
  if (checksums.kind === "unreadable") return [`${path}: ${checksums.why}`];
  const files = filesAfter(journal.filings, stated.sequence);
  const paths = new Set([
    ...checksums.byPath.keys(),
    ...[...files.keys()].map((each) => `${LAYOUT.data}/${each}`),
  ]);
  return [...paths].flatMap((each) => {
    const filed = files.get(each.slice(LAYOUT.data.length + 1))?.sha256;
    return filed === checksums.byPath.get(each) ? [] : [`${path} and the journal differ about ${each}`];
  });
}

function predicateMismatches(
  journal: ReleaseJournal,
  stated: StatedSeal,
  predicate: SealPredicate,
): readonly string[] {
  const { created, seals } = journal;
  const isHead = predicate.journal.sequence === stated.sequence - 1;
  const checks: readonly (readonly [boolean, string])[] = [
    [predicate.release === created?.release, `is of release ${predicate.release}`],
    [predicate.attempt === created?.attempt, `is of attempt ${predicate.attempt}`],
    [predicate.number === stated.number, `is seal ${predicate.number}`],
    [isHead, "is not about the journal's line before it"],
    [journal.hashes[predicate.journal.sequence] === predicate.journal.hash, "is about another journal"],
    [
      predicate.previousSeal === (seals.find(({ number }) => number === stated.number - 1)?.bundle ?? null),
      "does not follow the seal before it",
    ],
    [
      predicate.commit === commitOf(journal.filings.filter(({ sequence }) => sequence < stated.sequence)),
      `is of commit ${predicate.commit ?? "unknown"}`,
    ],
  ];
  return checks.filter(([holds]) => !holds).map(([, line]) => line);
}
