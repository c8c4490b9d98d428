import { lstat } from "node:fs/promises";
import { changed, type Finding, unclear } from "../finding.ts";
import { type FolderEntry, listFolder } from "./list-folder.ts";
import { isStatedElsewhere, type Manifest } from "./manifest.ts";
import { digestFile, type FileDigest, UnreadableFile } from "./open-file.ts";
import { shownPath } from "./shown-path.ts";

/** No file of a run is a program, runs as another user, or may be written by everybody. */
const ODD_FILE_MODE = 0o7113;
/** Nor may a folder. Set-group-ID on folders is how teams share them. */
const ODD_FOLDER_MODE = 0o5002;

/** Compares all that is in a run's folder with what its manifest states, one finding for each difference. */
export async function compareFolder(folder: string, manifest: Manifest): Promise<readonly Finding[]> {
  const { entries, isWhole } = await listFolder(folder);
  const found = new Map(entries.map((entry) => [entry.path, entry]));
  const stated = new Map<string, string>();
  const findings: Finding[] = [...(await rootOddities(folder))];
  if (!isWhole) findings.push(changed("the folder has more entries than a run can have"));
  for (const { path, kind } of [
    ...manifest.files.map(({ path }) => ({ path, kind: "file" })),
    ...manifest.others,
  ]) {
    if (stated.has(path)) findings.push(changed(`manifest.json: states ${shownPath(path)} twice`));
    stated.set(path, kind);
    const entry = found.get(path);
    if (entry === undefined) findings.push(changed(`${shownPath(path)}: is missing`));
    else if (entry.kind !== kind)
      findings.push(changed(`${shownPath(path)}: is of another kind: ${entry.kind}, not ${kind}`));
  }
  for (const entry of entries) {
    const isKnown = entry.kind === "folder" || isStatedElsewhere(entry) || stated.has(entry.path);
    if (!isKnown) findings.push(changed(`${shownPath(entry.path)}: was added (${entry.kind})`));
    findings.push(...oddities(entry));
  }
  for (const file of manifest.files) {
    const entry = found.get(file.path);
    if (entry?.kind === "file") findings.push(...(await contentFinding(entry, file)));
  }
  return findings;
}

async function contentFinding(
  { path, location, bytes }: FolderEntry,
  stated: FileDigest,
): Promise<readonly Finding[]> {
  if (bytes !== stated.bytes) {
    return [changed(`${shownPath(path)}: was changed: it has ${bytes} bytes, not ${stated.bytes}`)];
  }
  try {
    const { sha256 } = await digestFile(location);
    if (sha256 === stated.sha256) return [];
    return [changed(`${shownPath(path)}: was changed: SHA-256 ${sha256}, not ${stated.sha256}`)];
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return [changed(`${shownPath(path)}: ${error.message}`)];
  }
}

async function rootOddities(folder: string): Promise<readonly Finding[]> {
  const { mode, nlink: links } = await lstat(folder);
  return oddities({ path: "the folder", kind: "folder", mode: mode & 0o7777, links });
}

/** What lets others change an entry later on. It does not show that somebody did. */
function oddities({
  path,
  kind,
  mode,
  links,
}: Pick<FolderEntry, "path" | "kind" | "mode" | "links">): readonly Finding[] {
  const odd = kind === "file" ? ODD_FILE_MODE : kind === "folder" ? ODD_FOLDER_MODE : 0;
  return [
    ...((mode & odd) === 0
      ? []
      : [unclear(`${shownPath(path)}: has mode ${mode.toString(8).padStart(4, "0")}, which no run writes`)]),
    ...(kind === "file" && links > 1
      ? [
          unclear(
            `${shownPath(path)}: is also known by ${links - 1} other name(s): a hard link can change it`,
          ),
        ]
      : []),
  ];
}
