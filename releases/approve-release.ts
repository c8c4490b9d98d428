import { UsageError } from "../core/index.ts";
import { type StatementSigner, type Subject, signStatement, statementOf } from "../signatures/index.ts";
import { APPROVAL_TYPE, type ApprovalPredicate } from "./approval.ts";
import { commitOf } from "./current-files.ts";
import { APPROVALS, LAYOUT } from "./layout.ts";
import { fileInto, type MadeFiling, type ReleasesOptions, readOpenArchive } from "./release-archive.ts";

export interface ApproveOptions extends ReleasesOptions {
  readonly folder: string;
  readonly release: string;
  readonly decision: ApprovalPredicate["decision"];
  readonly role: ApprovalPredicate["role"];
  readonly signer: StatementSigner;
  readonly command: string;
}

/**
 * Signs for or against a release: a statement over the last sealed manifest and the commit. It is filed, and has to be
 * sealed in turn.
 *
 * @throws UsageError `not-sealed`.
 */
export async function approveRelease(options: ApproveOptions): Promise<MadeFiling> {
  const { folder, release, decision, role, signer, command, clock } = options;
  const journal = await readOpenArchive(folder, release);
  const seal = journal.seals.at(-1);
  if (seal === undefined) {
    throw new UsageError({
      code: "not-sealed",
      message: `Expected a sealed archive of ${release}, got one that has no seal: a signature has to be about something.`,
      nextStep: `Seal it first: kanit evidence seal ${release} --key <file>`,
    });
  }
  const nowMs = clock.nowMs();
  const commit = commitOf(journal.filings);
  const predicate: ApprovalPredicate = {
    release,
    decision,
    role,
    seal: seal.number,
    signedAt: new Date(nowMs).toISOString(),
  };
  const subjects: readonly Subject[] = [
    { name: LAYOUT.manifest, digest: { sha256: seal.manifest } },
    ...(commit === null ? [] : [{ name: "commit", digest: { gitCommit: commit } }]),
  ];
  const text = await signStatement(statementOf(subjects, APPROVAL_TYPE, predicate), signer);
  const path = `${APPROVALS}/${signer.keyId.slice(0, 12)}-seal-${seal.number}.sigstore.json`;
  const madeFrom = [{ name: LAYOUT.manifest, sha256: seal.manifest }];
  const file = {
    path,
    kind: "approval",
    content: { kind: "exact", text } as const,
    atMs: nowMs,
    command,
    madeFrom,
  };
  return fileInto(options, folder, { command, commit, target: null, files: [file] });
}
