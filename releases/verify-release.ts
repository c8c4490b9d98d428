import { readdir } from "node:fs/promises";
import { basename } from "node:path";
import type { Clock } from "../core/index.ts";
import { shownPath } from "../evidence/index.ts";
import { liesIn, NO_KEYS, type TrustedKeys } from "../signatures/index.ts";
import { completenessFindings } from "./completeness.ts";
import { APPROVALS, LAYOUT, STAGING_PREFIX, sealedManifestPath, sealPath } from "./layout.ts";
import { payloadFindings } from "./payload-findings.ts";
import { stagingFolders } from "./place-files.ts";
import { decisionOf, readApprovals } from "./read-approvals.ts";
import { readSmallFile } from "./read-small-file.ts";
import { broken, open, type ReleaseFinding, sound } from "./release-finding.ts";
import { type ReleaseJournal, readReleaseJournal } from "./release-journal.ts";
import { archiveName } from "./release-name.ts";
import { type SealReading, sealFindings } from "./seal-findings.ts";
import { tagFindings } from "./tag-findings.ts";

export interface VerifyOptions {
  readonly folder: string;
  /** The release that the archive has to be of. */
  readonly release: string;
  /** Null when none were given. */
  readonly keys: TrustedKeys | null;
  /** The digest of the last seal, or of the journal's last line, kept elsewhere; null when nobody kept it. */
  readonly expectedHead: string | null;
  readonly clock: Pick<Clock, "nowMs">;
}

/**
 * Verifies an archive, without any network: that nothing in it was changed, added or removed, that it is whole, and by
 * whom it was sealed and released. It passes only when all of that is shown.
 */
export async function verifyRelease(options: VerifyOptions): Promise<readonly ReleaseFinding[]> {
  const { folder, clock } = options;
  const journal = await readReleaseJournal(folder);
  const keys = await usableKeys(options);
  const seals = await sealFindings(folder, journal, keys.keys, clock.nowMs());
  const pending = await pendingFindings(folder, journal);
  return [
    ...identityFindings(options, journal),
    ...journal.findings,
    ...keys.findings,
    ...headFindings(options, journal),
    ...seals.flatMap(({ findings }) => findings),
    ...coverageFindings(journal, seals),
    ...pending,
    ...(await strangers(folder)),
    ...(await tagFindings(folder, journal, seals.at(-1) ?? null)),
    ...(await payloadFindings(folder, journal, pending.length > 0)),
    ...completeness(journal, seals, clock.nowMs()),
    ...(await approvalFindings(folder, journal, keys.keys, clock.nowMs())),
  ];
}

/** What lies beside the payload and belongs to no archive. */
async function strangers(folder: string): Promise<readonly ReleaseFinding[]> {
  const known: readonly string[] = Object.values(LAYOUT);
  const names = (await readdir(folder)).filter(
    (name) => !known.includes(name) && !name.startsWith(STAGING_PREFIX),
  );
  return names.map((name) => broken("extra", `${shownPath(name)} lies in the archive and is no part of it`));
}

async function usableKeys({ folder, keys }: VerifyOptions) {
  if (keys === null) {
    const line = "no keys were given: signatures prove nothing about who made them (--keys <file or folder>)";
    return { keys: NO_KEYS, findings: [open("keys", line)] };
  }
  if (!(await liesIn(folder, keys))) return { keys, findings: [] };
  const line =
    "the keys lie inside the archive: whoever made it made them as well, so they prove nothing. " +
    "Give keys that you got from elsewhere";
  return { keys: NO_KEYS, findings: [open("keys", line)] };
}

function identityFindings(
  { folder, release }: VerifyOptions,
  { created }: ReleaseJournal,
): readonly ReleaseFinding[] {
  if (created === null)
    return [broken("chain", "the journal has no first line that says of which release it is")];
  if (created.release !== release) {
    return [broken("other-release", `this is the archive of ${created.release}, not of ${release}`)];
  }
  const name = archiveName(created.release, created.attempt);
  if (basename(folder) === name) return [];
  return [broken("other-release", `this is archive ${name}, which lies at ${basename(folder)}`)];
}

function headFindings({ expectedHead }: VerifyOptions, journal: ReleaseJournal): readonly ReleaseFinding[] {
  if (expectedHead === null) return [];
  const known = [...journal.hashes, ...journal.seals.flatMap(({ bundle, manifest }) => [bundle, manifest])];
  return known.includes(expectedHead)
    ? [sound("chain", "has the digest that was kept elsewhere")]
    : [
        broken(
          "chain",
          "does not have the digest that was kept elsewhere: it is another archive, or an older state of it",
        ),
      ];
}

function coverageFindings(journal: ReleaseJournal, seals: readonly SealReading[]): readonly ReleaseFinding[] {
  const last = seals.at(-1);
  if (last === undefined)
    return [open("sealed", "is not sealed: anybody who can write there could have made it")];
  const { sequence } = last.stated;
  const later = journal.filings.filter((filing) => filing.sequence > sequence);
  const files = later.flatMap((filing) => filing.files.map(({ path }) => path));
  if (files.length === 0) return [];
  return [
    open(
      "unsealed",
      `after the last seal were filed: ${files.slice(0, 10).join(", ")}${files.length > 10 ? " …" : ""}`,
    ),
  ];
}

async function pendingFindings(folder: string, journal: ReleaseJournal): Promise<readonly ReleaseFinding[]> {
  const staging = await stagingFolders(folder);
  const pending = journal.filings.filter((filing) => staging.includes(filing.staging));
  const next = journal.seals.length + 1;
  const half = [
    await readSmallFile(folder, sealPath(next)),
    await readSmallFile(folder, sealedManifestPath(next)),
  ];
  return [
    ...pending.map(({ sequence }) =>
      open("interrupted", `filing ${sequence} was interrupted: the next command that files or seals ends it`),
    ),
    ...(half.some((file) => file !== null)
      ? [open("interrupted", `seal ${next} was interrupted: it does not count. Seal again`)]
      : []),
  ];
}

function completeness(
  journal: ReleaseJournal,
  seals: readonly SealReading[],
  nowMs: number,
): readonly ReleaseFinding[] {
  const stage = seals.at(-1)?.predicate?.stage;
  if (stage === undefined) return [];
  // An archive is sealed although something is missing; it says so for ever.
  return completenessFindings(journal, stage, nowMs).map((finding) =>
    finding.verdict === "fail" ? open(finding.code, finding.line) : finding,
  );
}

async function approvalFindings(
  folder: string,
  journal: ReleaseJournal,
  keys: TrustedKeys,
  nowMs: number,
): Promise<readonly ReleaseFinding[]> {
  const approvals = await readApprovals(folder, journal, keys, nowMs);
  const { isGo, why } = decisionOf(approvals);
  const refused = approvals.refused.map(({ path, why }) =>
    (keys.byId.size === 0 ? open : broken)("approval", `${path}: ${why}`),
  );
  if (isGo) return [...refused, sound("approval", `GO: ${why}`)];
  const isAgainst = approvals.counted.some(({ decision }) => decision === "NO-GO");
  return [...refused, (isAgainst ? broken : open)("approval", `no GO: ${why} (${APPROVALS}/)`)];
}
