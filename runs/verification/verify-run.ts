import { lstatSync, statSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../core/index.ts";
import {
  changed,
  compareFolder,
  type Finding,
  type FoundManifest,
  JOURNAL_NAME,
  type JournalVerification,
  MANIFEST_NAME,
  passed,
  type RunEnding,
  readManifest,
  unclear,
} from "../../evidence/index.ts";
import { findingsOfHead } from "./head-findings.ts";
import { findingsOfJournal } from "./journal-findings.ts";
import { findingsOfRecord } from "./record-findings.ts";

/**
 * Compares all that states something about a run: the journal's chain and its end, the manifest, what lies in the
 * folder, the record, the report, and the journal's hash where somebody kept it. Evidence that agrees in everything
 * passes, whatever the run's own verdict was; a difference fails, and a run that did not end is inconclusive, unless
 * it had found a fail.
 *
 * @param knownHead The hash of the journal's last line as it is known from elsewhere, or null.
 * @throws UsageError `not-a-run`.
 */
export async function verifyRun(folder: string, knownHead: string | null): Promise<readonly Finding[]> {
  if (!isFolder(folder) || ![JOURNAL_NAME, MANIFEST_NAME].some((name) => isThere(join(folder, name)))) {
    throw notARun(folder);
  }
  const { findings, journal } = await findingsOfJournal(folder);
  const manifest = await readManifest(folder);
  const version = otherVersion(manifest, journal);
  if (version !== null) return [...findings.filter(({ verdict }) => verdict === "fail"), unclear(version)];
  const ending = journal?.kind === "intact" && journal.end.kind === "stated" ? journal.end.ending : null;
  return [
    ...findings,
    ...(knownHead === null ? [] : await findingsOfHead(folder, knownHead, journal)),
    ...(await findingsOfManifest(folder, manifest, ending)),
    ...(await findingsOfRecord(folder, ending)),
  ];
}

/** Words that are no path of a folder: below a file, longer than a path can be, or a link to itself. */
const NO_PATH: ReadonlySet<unknown> = new Set(["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ELOOP"]);

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    if (error instanceof Error && "code" in error && NO_PATH.has(error.code)) return false;
    throw error;
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** In one line, instead of differences that are none. */
function otherVersion(manifest: FoundManifest, journal: JournalVerification | null): string | null {
  const isOlder = journal?.kind === "intact" && journal.end.kind === "other-version";
  if (manifest.kind !== "other-version" && !isOlder) return null;
  const version = manifest.kind === "other-version" ? ` (${manifest.version})` : "";
  return `the evidence is of another version of kanit${version}: verify it with the one that wrote it`;
}

async function findingsOfManifest(
  folder: string,
  found: FoundManifest,
  ending: RunEnding | null,
): Promise<readonly Finding[]> {
  if (found.kind === "none") {
    const lost = ending !== null && ending.manifest !== null;
    return lost
      ? [changed(`${MANIFEST_NAME}: is missing`)]
      : [unclear("manifest: there is none, the run did not end")];
  }
  if (found.kind !== "found")
    return [changed(`${MANIFEST_NAME}: ${found.kind === "unreadable" ? found.why : ""}`)];
  const findings: Finding[] = [...(await compareFolder(folder, found.manifest))];
  if (ending !== null && ending.manifest !== found.sha256) {
    findings.push(
      changed(
        `${MANIFEST_NAME}: has SHA-256 ${found.sha256}, the journal states ${ending.manifest ?? "none"}`,
      ),
    );
  }
  if (findings.length > 0) return findings;
  return [
    passed(
      `manifest: ${found.manifest.files.length} files are as they were written, and nothing else is there`,
    ),
  ];
}

function notARun(folder: string): UsageError {
  return new UsageError({
    code: "not-a-run",
    message: `Expected the folder of a run, with its ${JOURNAL_NAME}, got ${folder}.`,
    nextStep: "Name the folder of a run; each run prints its own.",
  });
}
