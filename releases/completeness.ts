import { type CurrentFile, commitOf, filesAfter } from "./current-files.ts";
import {
  EVIDENCE_NAMES,
  type EvidenceName,
  evidenceNamed,
  nameFor,
  STAGES,
  type Stage,
} from "./evidence-names.ts";
import { broken, open, type ReleaseFinding, sound } from "./release-finding.ts";
import type { ReleaseJournal } from "./release-journal.ts";

/** What was true yesterday says little about a deployment today. */
const GREATEST_AGE_MS = 24 * 60 * 60_000;

/**
 * Compares what was filed with the release's list of evidence, up to a stage: what is missing, empty, stale, has a name
 * that no list has, or is the same file under two names.
 *
 * @param atMs When the evidence has to be fresh; of a sealed file that is when it was first sealed.
 */
export function completenessFindings(
  journal: ReleaseJournal,
  stage: Stage,
  atMs: number,
): readonly ReleaseFinding[] {
  const release = journal.created?.release ?? "";
  const files = filesAfter(journal.filings, Number.POSITIVE_INFINITY);
  const named = [...files.values()].filter(({ path }) => !path.includes("/"));
  const due = EVIDENCE_NAMES.filter(
    (each) => each.required && STAGES.indexOf(each.stage) <= STAGES.indexOf(stage),
  );
  return [
    ...countFindings(due, release, files),
    ...named.filter(({ bytes }) => bytes === 0).map(({ path }) => broken("empty", `${path} has no bytes`)),
    ...named
      .filter(({ path }) => evidenceNamed(path, release) === null)
      .map(({ path }) => broken("extra", `${path} has a name that no list of evidence has`)),
    ...staleFindings(named, journal, release, atMs),
    ...duplicateFindings(named),
  ];
}

function countFindings(
  due: readonly EvidenceName[],
  release: string,
  files: ReadonlyMap<string, CurrentFile>,
): readonly ReleaseFinding[] {
  return STAGES.flatMap((stage) => {
    const names = due.filter((each) => each.stage === stage).map((each) => nameFor(each, release));
    if (names.length === 0) return [];
    const missing = names.filter((name) => !files.has(name));
    const count = `${names.length - missing.length} of ${names.length} files from ${stage} the deployment`;
    if (missing.length === 0) return [sound("missing", count)];
    return [open("missing", count), ...missing.map((name) => broken("missing", `${name} is missing`))];
  });
}

function staleFindings(
  named: readonly CurrentFile[],
  journal: ReleaseJournal,
  release: string,
  atMs: number,
): readonly ReleaseFinding[] {
  const commit = commitOf(journal.filings);
  const ofOthers = named.filter(({ filing }) => filing.commit !== null && filing.commit !== commit);
  const byCommit = Map.groupBy(ofOthers, ({ filing }) => filing.commit);
  const foreign = [...byCommit].map(([other, files]) => {
    const names = files.map(({ path }) => path).join(", ");
    return broken("stale", `${names}: of commit ${short(other)}, and the release is of ${short(commit)}`);
  });
  return [...foreign, ...named.flatMap((file) => oldFindings(file, journal, release, atMs))];
}

function oldFindings(
  { path, at, filing }: CurrentFile,
  { seals }: ReleaseJournal,
  release: string,
  atMs: number,
): readonly ReleaseFinding[] {
  // What comes after the deployment is about a time that is over.
  if (evidenceNamed(path, release)?.stage !== "before") return [];
  const sealedAt = seals.find(({ sequence }) => sequence > filing.sequence)?.at;
  const ageMs = (sealedAt === undefined ? atMs : Date.parse(sealedAt)) - Date.parse(at);
  if (ageMs <= GREATEST_AGE_MS) return [];
  return [broken("stale", `${path} is ${Math.floor(ageMs / 3_600_000)} h old, more than 24 h`)];
}

function short(commit: string | null): string {
  return commit?.slice(0, 12) ?? "unknown";
}

function duplicateFindings(named: readonly CurrentFile[]): readonly ReleaseFinding[] {
  const byDigest = Map.groupBy(
    named.filter(({ bytes }) => bytes > 0),
    ({ sha256 }) => sha256,
  );
  return [...byDigest.values()]
    .filter((same) => same.length > 1)
    .map((same) =>
      broken("duplicate", `${same.map(({ path }) => path).join(" and ")} are the same, byte for byte`),
    );
}
