import { basename } from "node:path";
import { type Clock, mergeVerdicts, type Verdict } from "../core/index.ts";
import { NO_KEYS, type TrustedKeys } from "../signatures/index.ts";
import { commitOf } from "./current-files.ts";
import { evidenceNamed } from "./evidence-names.ts";
import { readApprovals } from "./read-approvals.ts";
import type { ReleaseFinding } from "./release-finding.ts";
import { type ReleaseJournal, readReleaseJournal } from "./release-journal.ts";
import { sealFindings } from "./seal-findings.ts";
import { verifyRelease } from "./verify-release.ts";

/** What is known of a release, for people: what happened in the order of time, who signed, what is missing. */
export interface ReleaseStory {
  readonly release: string;
  readonly archive: string;
  readonly follows: string | null;
  readonly verdict: Verdict;
  readonly madeAt: string;
  readonly commit: string | null;
  readonly evidence: string | null;
  readonly findings: readonly ReleaseFinding[];
  readonly signatures: readonly StorySignature[];
  readonly events: readonly StoryEvent[];
}

interface StoryEvent {
  readonly at: string;
  readonly what: string;
  readonly command: string | null;
  readonly commit: string | null;
  readonly target: string | null;
  readonly files: readonly { readonly path: string; readonly title: string | null; readonly bytes: number }[];
}

interface StorySignature {
  readonly what: string;
  readonly person: string | null;
  readonly at: string | null;
  readonly note: string;
}

interface StoryOptions {
  readonly folder: string;
  readonly release: string;
  readonly keys: TrustedKeys | null;
  readonly clock: Pick<Clock, "nowMs">;
}

/** Reads the story of a release from its archive, and verifies it. */
export async function readReleaseStory({
  folder,
  release,
  keys,
  clock,
}: StoryOptions): Promise<ReleaseStory> {
  const journal = await readReleaseJournal(folder);
  const findings = await verifyRelease({ folder, release, keys, clock, expectedHead: null });
  return {
    release,
    archive: basename(folder),
    follows: journal.created?.follows?.archive ?? null,
    verdict: mergeVerdicts(findings.map(({ verdict }) => verdict)),
    madeAt: new Date(clock.nowMs()).toISOString(),
    commit: commitOf(journal.filings),
    evidence: journal.seals.at(-1)?.manifest ?? null,
    findings,
    signatures: await signaturesOf(folder, journal, keys ?? NO_KEYS, clock.nowMs()),
    events: eventsOf(journal, release),
  };
}

function eventsOf({ created, filings, seals }: ReleaseJournal, release: string): readonly StoryEvent[] {
  const none = { command: null, commit: null, target: null, files: [] };
  const sealed = seals.map(({ number, at, sequence }) => ({ ...none, at, sequence, what: `seal ${number}` }));
  const begun =
    created === null ? [] : [{ ...none, at: created.at, sequence: 0, what: "the archive begins" }];
  const filed = filings.map(({ sequence, filedAt, command, commit, target, files }) => ({
    ...{ at: filedAt, sequence, what: "filed", command, commit, target },
    files: files.map(({ path, bytes }) => ({
      path,
      bytes,
      title: evidenceNamed(path, release)?.title ?? null,
    })),
  }));
  return [...begun, ...filed, ...sealed].sort((a, b) => a.sequence - b.sequence);
}

async function signaturesOf(
  folder: string,
  journal: ReleaseJournal,
  keys: TrustedKeys,
  nowMs: number,
): Promise<readonly StorySignature[]> {
  const seals = await sealFindings(folder, journal, keys, nowMs);
  const { counted, refused } = await readApprovals(folder, journal, keys, nowMs);
  return [
    ...seals.map(({ stated, signedBy, findings }) => ({
      what: `seal ${stated.number}`,
      person: signedBy,
      at: stated.at,
      note: findings.find(({ verdict }) => verdict !== "pass")?.line ?? "",
    })),
    ...counted.map(({ decision, person, isDeployer, atMs, keyId }) => ({
      what: decision,
      person,
      at: new Date(atMs).toISOString(),
      note: `${isDeployer ? "deployer" : "reviewer"}, key ${keyId.slice(0, 12)}`,
    })),
    ...refused.map(({ path, why }) => ({ what: path, person: null, at: null, note: why })),
  ];
}
