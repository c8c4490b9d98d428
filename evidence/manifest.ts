import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { z } from "zod";
import { UnavailableError } from "../core/index.ts";

/** Where an archive's manifest lies in its folder. */
export const MANIFEST_NAME = "manifest.json";

const fileShape = z.strictObject({
  /** Relative to the run's folder, with forward slashes. */
  path: z.string(),
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const manifestShape = z.strictObject({
  schema: z.literal("kanit.manifest/1"),
  runId: z.string(),
  createdAt: z.iso.datetime(),
  files: z.array(fileShape),
});

/** One file of an archive. */
export type ManifestFile = z.infer<typeof fileShape>;

/** The files of a run, sorted by path, without the manifest itself. */
export type Manifest = z.infer<typeof manifestShape>;

/** How the files of a folder compare with its manifest. All three lists empty: nothing was touched. */
export interface ArchiveVerification {
  readonly intact: boolean;
  readonly changed: readonly {
    readonly path: string;
    readonly expected: string;
    readonly received: string;
  }[];
  readonly missing: readonly string[];
  /** Files that the manifest does not name. */
  readonly unlisted: readonly string[];
}

/** Hashes every file of a folder, sorted by path; the manifest and unfinished temporary files are left out. */
export async function listFiles(folder: string): Promise<ManifestFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: ManifestFile[] = [];
  for (const entry of entries) {
    if (!entry.isFile() || (entry.name.startsWith(".") && entry.name.endsWith(".tmp"))) continue;
    const absolute = join(entry.parentPath, entry.name);
    const path = relative(folder, absolute).split(sep).join("/");
    if (path === MANIFEST_NAME) continue;
    const { size: bytes } = await stat(absolute);
    files.push({ path, bytes, sha256: await hashFile(absolute) });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Compares a run's folder with its manifest.
 *
 * @throws UnavailableError `manifest-unreadable` when there is no readable manifest: the run did not end.
 */
export async function verifyArchive(folder: string): Promise<ArchiveVerification> {
  const manifest = await readManifest(folder);
  const listed = new Map(manifest.files.map((file) => [file.path, file]));
  const found = new Map((await listFiles(folder)).map((file) => [file.path, file]));
  const changed = [...listed.values()].flatMap(({ path, sha256: expected }) => {
    const received = found.get(path)?.sha256 ?? expected;
    return received === expected ? [] : [{ path, expected, received }];
  });
  const missing = [...listed.keys()].filter((path) => !found.has(path));
  const unlisted = [...found.keys()].filter((path) => !listed.has(path));
  return { intact: changed.length + missing.length + unlisted.length === 0, changed, missing, unlisted };
}

async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, MANIFEST_NAME);
  try {
    return manifestShape.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    throw new UnavailableError({
      code: "manifest-unreadable",
      message: `Expected a manifest at ${path}, got ${cause instanceof Error ? cause.message : cause}.`,
      nextStep: "Only a run that ended has a manifest; verify its journal instead.",
      cause,
    });
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}
