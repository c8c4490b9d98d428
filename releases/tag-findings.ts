import { join } from "node:path";
import { digestFile, UnreadableFile } from "../evidence/index.ts";
import { decodeChecksums } from "./checksum-file.ts";
import { LAYOUT, sealedManifestPath } from "./layout.ts";
import { readSmallFile } from "./read-small-file.ts";
import { broken, type ReleaseFinding } from "./release-finding.ts";
import type { ReleaseJournal } from "./release-journal.ts";
import type { SealReading } from "./seal-findings.ts";

/**
 * Compares the files that `sha256sum -c` reads with the last seal. Where a later sealing was interrupted, they are of
 * that one, which counts for nothing.
 */
export async function tagFindings(
  folder: string,
  journal: ReleaseJournal,
  last: SealReading | null,
): Promise<readonly ReleaseFinding[]> {
  if (last === null) return [];
  const isInterrupted = (await readSmallFile(folder, sealedManifestPath(journal.seals.length + 1))) !== null;
  if (isInterrupted) return [];
  const manifest = await readSmallFile(folder, LAYOUT.manifest);
  const tags = await readSmallFile(folder, LAYOUT.tagManifest);
  const findings: ReleaseFinding[] = [];
  if (manifest === null || "why" in manifest || manifest.sha256 !== last.stated.manifest) {
    findings.push(broken("changed", `${LAYOUT.manifest} is not the one that was sealed`));
  }
  if (tags === null || "why" in tags || tags.sha256 !== last.predicate?.tagManifest) {
    return [...findings, broken("changed", `${LAYOUT.tagManifest} is not the one that was sealed`)];
  }
  const checksums = decodeChecksums(tags.text);
  if (checksums.kind === "unreadable")
    return [...findings, broken("changed", `${LAYOUT.tagManifest}: ${checksums.why}`)];
  for (const [path, sha256] of checksums.byPath) {
    const received = await digestOf(join(folder, path));
    if (received !== sha256)
      findings.push(broken("changed", `${path} is not the one that was sealed: ${received}`));
  }
  return findings;
}

async function digestOf(path: string): Promise<string> {
  try {
    return (await digestFile(path)).sha256;
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return error.message;
  }
}
