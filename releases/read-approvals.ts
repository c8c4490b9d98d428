import { z } from "zod";
import { type Statement, type TrustedKeys, verifyBundle } from "../signatures/index.ts";
import { APPROVAL_TYPE, type Approval, approvalPredicateShape, type RefusedApproval } from "./approval.ts";
import { commitOf, filesAfter } from "./current-files.ts";
import { APPROVALS, LAYOUT } from "./layout.ts";
import { readSmallFile } from "./read-small-file.ts";
import type { ReleaseJournal } from "./release-journal.ts";

export interface Approvals {
  readonly counted: readonly Approval[];
  readonly refused: readonly RefusedApproval[];
}

/** Verifies the signatures of people in an archive: each over a sealed manifest of this archive and over its commit. */
export async function readApprovals(
  folder: string,
  journal: ReleaseJournal,
  keys: TrustedKeys,
  nowMs: number,
): Promise<Approvals> {
  const files = filesAfter(journal.filings, Number.POSITIVE_INFINITY);
  const paths = [...files.keys()].filter((path) => path.startsWith(`${APPROVALS}/`));
  const read = await Promise.all(paths.map((path) => readApproval(folder, path, journal, keys, nowMs)));
  return {
    counted: read.filter((each) => "person" in each),
    refused: read.filter((each) => "why" in each),
  };
}

async function readApproval(
  folder: string,
  path: string,
  journal: ReleaseJournal,
  keys: TrustedKeys,
  nowMs: number,
): Promise<Approval | RefusedApproval> {
  const file = await readSmallFile(folder, `${LAYOUT.data}/${path}`);
  if (file === null || "why" in file) return { path, why: file?.why ?? "is missing" };
  const expected = { predicateType: APPROVAL_TYPE, timeOf, nowMs };
  const reading = await verifyBundle(file.text, keys, expected);
  if (reading.kind === "refused") return { path, why: reading.why };
  if (reading.kind === "unknown-key")
    return { path, why: `key ${reading.keyId.slice(0, 12)} is not among those given` };
  const parsed = approvalPredicateShape.safeParse(reading.statement.predicate);
  if (!parsed.success)
    return { path, why: z.prettifyError(parsed.error).split("\n", 1)[0] ?? "says something else" };
  const { release, decision, role, seal } = parsed.data;
  const evidenceSha256 = digestOf(reading.statement, LAYOUT.manifest, "sha256");
  const commit = digestOf(reading.statement, "commit", "gitCommit");
  const why = whyOther(journal, { release, seal, evidenceSha256, commit });
  if (why !== null || evidenceSha256 === null) return { path, why: why ?? "names no evidence" };
  const { person, keyId } = reading.key;
  return {
    path,
    person,
    keyId,
    decision,
    isDeployer: role === "deployer",
    commit,
    evidenceSha256,
    atMs: reading.atMs,
  };
}

function timeOf({ predicate }: Statement): number | null {
  const { success, data } = approvalPredicateShape.safeParse(predicate);
  return success ? Date.parse(data.signedAt) : null;
}

function digestOf({ subject }: Statement, name: string, algorithm: string): string | null {
  return subject.find((each) => each.name === name)?.digest[algorithm] ?? null;
}

function whyOther(
  journal: ReleaseJournal,
  stated: { release: string; seal: number; evidenceSha256: string | null; commit: string | null },
): string | null {
  const release = journal.created?.release;
  if (stated.release !== release) return `is about ${stated.release}, not about ${release}`;
  const seal = journal.seals.find(({ number }) => number === stated.seal);
  if (seal === undefined || seal.manifest !== stated.evidenceSha256) return "is about other evidence";
  const commit = commitOf(journal.filings);
  if (stated.commit !== commit)
    return `is about commit ${stated.commit ?? "unknown"}, not about ${commit ?? "unknown"}`;
  return null;
}

/** Whether people released it, and one sentence why. */
export function decisionOf({ counted }: Pick<Approvals, "counted">): {
  readonly isGo: boolean;
  readonly why: string;
} {
  const against = counted.find(({ decision }) => decision === "NO-GO");
  if (against !== undefined) return { isGo: false, why: `${against.person} says NO-GO` };
  // Two keys of one person are one person.
  const people = new Map(counted.map((each) => [each.person, each]));
  const names = [...people.keys()].join(" and ");
  if (people.size < 2)
    return { isGo: false, why: `${people.size} of 2 people signed${names === "" ? "" : `: ${names}`}` };
  if ([...people.values()].every(({ isDeployer }) => isDeployer)) {
    return { isGo: false, why: `only those who deploy signed: ${names}` };
  }
  return { isGo: true, why: `signed by ${names}` };
}
