import { z } from "zod";
import { STAGES } from "./evidence-names.ts";

/** The type of what a seal says, in its in-toto statement. */
export const SEAL_TYPE = "urn:kanit:seal:v1";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const sealPredicateShape = z.strictObject({
  release: z.string(),
  attempt: z.int().positive(),
  /** 1 for the first seal of an archive. */
  number: z.int().positive(),
  sealedAt: z.iso.datetime(),
  /** Up to which stage evidence was due. */
  stage: z.enum(STAGES),
  commit: z.string().nullable(),
  /** The journal's last line. */
  journal: z.strictObject({ sequence: z.int().nonnegative(), hash: sha256 }),
  /** The SHA-256 of `tagmanifest-sha256.txt`, which states the journal's lines and the seals before. */
  tagManifest: sha256,
  /** The SHA-256 of the bundle of the seal before; null for the first. */
  previousSeal: sha256.nullable(),
  payload: z.strictObject({ files: z.int().nonnegative(), bytes: z.int().nonnegative() }),
  /** What was found out about completeness when it was sealed: `missing: preflight.txt`. */
  incomplete: z.array(z.string()),
});

/** What a seal says. Its subject is the manifest. */
export type SealPredicate = z.infer<typeof sealPredicateShape>;
