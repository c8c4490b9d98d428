import { join } from "node:path";
import {
  digestFile,
  type FolderEntry,
  listFolder,
  shownPath,
  systemCodeOf,
  UnreadableFile,
} from "../evidence/index.ts";
import { type CurrentFile, filesAfter } from "./current-files.ts";
import { LAYOUT } from "./layout.ts";
import { broken, type ReleaseFinding, sound } from "./release-finding.ts";
import type { ReleaseJournal } from "./release-journal.ts";

/**
 * Compares the payload with what the journal states: each file hashed as a stream, and all else that lies there.
 *
 * @param isInterrupted Whether files wait for their place, so that one that is not there need not have been removed.
 */
export async function payloadFindings(
  folder: string,
  journal: ReleaseJournal,
  isInterrupted: boolean,
): Promise<readonly ReleaseFinding[]> {
  const files = filesAfter(journal.filings, Number.POSITIVE_INFINITY);
  const { entries, isWhole } = await listPayload(join(folder, LAYOUT.data));
  const found = new Map(entries.map((entry) => [entry.path, entry]));
  const findings: ReleaseFinding[] = [];
  if (!isWhole) findings.push(broken("extra", "the payload has more entries than an archive can have"));
  for (const entry of entries) {
    if (entry.kind === "folder" || (entry.kind === "file" && files.has(entry.path))) continue;
    if (files.has(entry.path))
      findings.push(broken("changed", `${shownPath(entry.path)} is a ${entry.kind}, not a file`));
    else if (!isInterrupted)
      findings.push(broken("extra", `${shownPath(entry.path)} was never filed (${entry.kind})`));
  }
  for (const [path, file] of files) {
    const finding = await fileFinding(path, file, found.get(path));
    const canWait = isInterrupted && finding?.code === "missing";
    if (finding !== null && !canWait) findings.push(finding);
  }
  if (findings.length > 0) return findings;
  const bytes = [...files.values()].reduce((sum, file) => sum + file.bytes, 0);
  return [sound("sound", `${files.size} files, ${bytes} bytes, are as they were filed`)];
}

async function listPayload(path: string) {
  try {
    return await listFolder(path);
  } catch (error) {
    if (systemCodeOf(error) === "unknown") throw error;
    return { entries: [], isWhole: true };
  }
}

async function fileFinding(
  path: string,
  file: CurrentFile,
  entry: FolderEntry | undefined,
): Promise<ReleaseFinding | null> {
  if (entry === undefined) return broken("missing", `${path} was removed`);
  if (entry.kind !== "file") return null;
  if (entry.bytes !== file.bytes)
    return broken("changed", `${path} was changed: ${entry.bytes} bytes, not ${file.bytes}`);
  try {
    const { sha256 } = await digestFile(entry.location);
    return sha256 === file.sha256
      ? null
      : broken("changed", `${path} was changed: SHA-256 ${sha256}, not ${file.sha256}`);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return broken("changed", `${path} ${error.message}`);
  }
}
