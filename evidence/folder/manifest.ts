import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { UnavailableError } from "../../core/index.ts";
import { systemCodeOf } from "../storage-error.ts";
import { type FolderEntry, listFolder } from "./list-folder.ts";
import { digestFile, readWholeFile, UnreadableFile } from "./open-file.ts";

/** Where an archive's manifest lies in its folder. */
export const MANIFEST_NAME = "manifest.json";
/** Where an archive's journal lies in its folder. */
export const JOURNAL_NAME = "journal.jsonl";

const SCHEMA = "kanit.manifest/3";
const LARGEST_MANIFEST_BYTES = 64 * 1024 * 1024;

const fileShape = z.strictObject({
  /** Relative to the run's folder, with forward slashes; what is not visible in it is escaped. */
  path: z.string(),
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const otherShape = z.strictObject({ path: z.string(), kind: z.string() });

const manifestShape = z.strictObject({
  schema: z.literal(SCHEMA),
  runId: z.string(),
  createdAt: z.iso.datetime(),
  files: z.array(fileShape),
  /** What is in the folder besides files: a manifest that left it out could not tell what was added. */
  others: z.array(otherShape),
});

/**
 * What the folder of a run holds, sorted by path: all but the manifest itself and the journal, which ends with the
 * manifest's digest.
 */
export type Manifest = z.infer<typeof manifestShape>;

/** What states the rest and is therefore not stated by the manifest. */
export function isStatedElsewhere({ path }: Pick<FolderEntry, "path">): boolean {
  return path === MANIFEST_NAME || path === JOURNAL_NAME;
}

/**
 * Lists a run's folder and hashes its files.
 *
 * @throws UnavailableError `evidence-unreadable` when a file cannot be hashed as a whole.
 */
export async function makeManifest(folder: string, runId: string, createdAt: string): Promise<Manifest> {
  const { entries, isWhole } = await listFolder(folder);
  if (!isWhole) throw unreadable(folder, "has more entries than a run can have");
  const stated = entries.filter((entry) => entry.kind !== "folder" && !isStatedElsewhere(entry));
  const files: Manifest["files"] = [];
  for (const { path, location, kind } of stated) {
    if (kind === "file") files.push({ path, ...(await digestOf(path, location)) });
  }
  const others = stated.filter(({ kind }) => kind !== "file").map(({ path, kind }) => ({ path, kind }));
  return { schema: SCHEMA, runId, createdAt, files, others };
}

async function digestOf(path: string, location: Buffer) {
  try {
    return await digestFile(location);
  } catch (cause) {
    throw unreadable(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function unreadable(path: string, why: string, cause?: unknown): UnavailableError {
  return new UnavailableError({
    code: "evidence-unreadable",
    message: `Expected to hash all files of the run, but ${path} ${why}.`,
    nextStep: "Nothing may write to a run's folder when the run has ended.",
    cause,
  });
}

/** The manifest as it is filed. */
export function encodeManifest(manifest: Manifest): { readonly text: string; readonly sha256: string } {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  return { text, sha256: sha256Of(text) };
}

/** What lies at the manifest's place. */
export type FoundManifest =
  | { readonly kind: "found"; readonly manifest: Manifest; readonly sha256: string }
  /** The run did not end. */
  | { readonly kind: "none" }
  /** It was written by a kanit of another version. */
  | { readonly kind: "other-version"; readonly version: string }
  | { readonly kind: "unreadable"; readonly why: string };

const versioned = z.looseObject({ schema: z.string().regex(/^kanit\.manifest\/\d{1,9}$/) });

/** Reads the manifest of a run's folder. */
export async function readManifest(folder: string): Promise<FoundManifest> {
  try {
    return foundIn(await readWholeFile(join(folder, MANIFEST_NAME), LARGEST_MANIFEST_BYTES));
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    if (systemCodeOf(error.cause) === "ENOENT") return { kind: "none" };
    return { kind: "unreadable", why: error.message };
  }
}

function foundIn(bytes: Buffer): FoundManifest {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    return { kind: "unreadable", why: "is no JSON" };
  }
  const parsed = manifestShape.safeParse(value);
  if (parsed.success) return { kind: "found", manifest: parsed.data, sha256: sha256Of(bytes) };
  const version = versioned.safeParse(value).data?.schema;
  if (version !== undefined && version !== SCHEMA) return { kind: "other-version", version };
  return { kind: "unreadable", why: `is no manifest: ${z.prettifyError(parsed.error).split("\n", 1)[0]}` };
}

function sha256Of(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
