import { z } from "zod";

/** The type of what a person signs, in its in-toto statement. */
export const APPROVAL_TYPE = "urn:kanit:approval:v1";

export const approvalPredicateShape = z.strictObject({
  release: z.string(),
  decision: z.enum(["GO", "NO-GO"]),
  /** Whoever deploys cannot be the only one who says GO. */
  role: z.enum(["deployer", "reviewer"]),
  /** The seal whose manifest was looked at. */
  seal: z.int().positive(),
  signedAt: z.iso.datetime(),
});

/** What a person says about a release. Its subjects are the sealed manifest and the commit. */
export type ApprovalPredicate = z.infer<typeof approvalPredicateShape>;

/** A person's signature for or against a release, as it was verified. */
export interface Approval {
  readonly path: string;
  /** By the verifier's list of keys, not by what the signature says. */
  readonly person: string;
  readonly keyId: string;
  readonly decision: "GO" | "NO-GO";
  readonly isDeployer: boolean;
  readonly commit: string | null;
  readonly evidenceSha256: string;
  readonly atMs: number;
}

/** A signature that does not count, and why. */
export interface RefusedApproval {
  readonly path: string;
  readonly why: string;
}
