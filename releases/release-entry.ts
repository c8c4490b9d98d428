import { z } from "zod";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const commit = z.string().min(1).nullable();

/** What a file was made from, or what it is about. */
const sourceShape = z.strictObject({ name: z.string(), sha256 });

const fileShape = z.strictObject({
  /** In `data/`. */
  path: z.string(),
  /** For programs: `gate.preflight.pgbouncer-pools`. */
  kind: z.string(),
  sha256,
  bytes: z.int().nonnegative(),
  /** When it was found out, which may be before it was filed. */
  at: z.iso.datetime(),
  /** What a person would type to find out the same. */
  command: z.string(),
  madeFrom: z.array(sourceShape),
  /** Where the file of the same path went, in `data/`; null when there was none. */
  superseded: z.string().nullable(),
});

/** The kinds of the journal's lines. */
export const CREATED = "archive.created";
export const FILED = "archive.filed";
export const SEALED = "archive.sealed";

export const createdShape = z.strictObject({
  schema: z.literal("kanit.release/1"),
  release: z.string(),
  attempt: z.int().positive(),
  /** The archive before it; null for a release's first. */
  follows: z.strictObject({ archive: z.string(), head: sha256, manifest: sha256.nullable() }).nullable(),
});

export const filedShape = z.strictObject({
  /** The command line. */
  command: z.string(),
  /** The commit under release; null where there is no repository. */
  commit,
  /** What was examined. */
  target: z.string().nullable(),
  /** Where the files wait until they are at their places. */
  staging: z.string().regex(/^\.filing-[0-9a-f-]{36}$/),
  files: z.array(fileShape).min(1),
});

/**
 * That a seal was made. Of a sealing and a filing at once only one gets the line after the journal's head, so that no
 * file changes between being sealed and the seal.
 */
export const sealedShape = z.strictObject({
  number: z.int().positive(),
  /** The SHA-256 of its bundle. */
  bundle: sha256,
  /** The SHA-256 of the manifest that it is about. */
  manifest: sha256,
});

/** The first line of an archive's journal. */
export type CreatedEntry = z.infer<typeof createdShape>;
/** What one command filed at once. */
export type FiledEntry = z.infer<typeof filedShape>;
export type SealedEntry = z.infer<typeof sealedShape>;
export type FiledFile = FiledEntry["files"][number];
export type FileSource = z.infer<typeof sourceShape>;
