import { createHash } from "node:crypto";
import { createReadStream, type Dirent } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { z } from "zod";
import { UnavailableError } from "../core/index.ts";

/** The name of the manifest in an archive's folder. */
export const MANIFEST_NAME = "manifest.json";

const fileShape = z.strictObject({
  /** Relative to the run's folder, with forward slashes. */
  path: z.string(),
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const otherShape = z.strictObject({
  path: z.string(),
  kind: z.enum(["empty folder", "symbolic link", "pipe", "socket", "device"]),
});

const manifestShape = z.strictObject({
  schema: z.literal("kanit.manifest/2"),
  runId: z.string(),
  createdAt: z.iso.datetime(),
  files: z.array(fileShape),
  /** Entries of the folder that are not files: without them the manifest could not reveal additions. */
  others: z.array(otherShape),
});

/** One file of an archive. */
type ManifestFile = z.infer<typeof fileShape>;

/** An entry of an archive that is not a file and has no content to hash. */
type ManifestOther = z.infer<typeof otherShape>;

/** The content of a run's folder, sorted by path, without the manifest itself. */
export type Manifest = z.infer<typeof manifestShape>;

/** The difference between a folder and its manifest. When all three lists are empty, nothing was changed. */
export interface ArchiveVerification {
  readonly intact: boolean;
  readonly changed: readonly {
    readonly path: string;
    readonly expected: string;
    readonly received: string;
  }[];
  readonly missing: readonly string[];
  /** What the manifest does not name: files, links, pipes, empty folders. */
  readonly unlisted: readonly string[];
}

/** Lists everything in a folder, sorted by path, and hashes its files. Only the manifest is left out. */
export async function listFolder(folder: string): Promise<Pick<Manifest, "files" | "others">> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const parents = new Set(entries.map(({ parentPath }) => resolve(parentPath)));
  const files: ManifestFile[] = [];
  const others: ManifestOther[] = [];
  for (const entry of entries) {
    const absolute = resolve(entry.parentPath, entry.name);
    const path = relative(folder, absolute).split(sep).join("/");
    if (entry.isFile()) {
      if (path === MANIFEST_NAME) continue;
      const { size: bytes } = await lstat(absolute);
      files.push({ path, bytes, sha256: await hashFile(absolute) });
    } else if (!entry.isDirectory() || !parents.has(absolute)) {
      others.push({ path, kind: kindOf(entry) });
    }
  }
  return { files: files.sort(byPath), others: others.sort(byPath) };
}

function kindOf(entry: Dirent): ManifestOther["kind"] {
  if (entry.isDirectory()) return "empty folder";
  if (entry.isSymbolicLink()) return "symbolic link";
  if (entry.isFIFO()) return "pipe";
  return entry.isSocket() ? "socket" : "device";
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : 1;
}

/**
 * Compares a run's folder with its manifest.
 *
 * @throws UnavailableError `manifest-unreadable` when there is no readable manifest,
 *   because the run did not end.
 */
export async function verifyArchive(folder: string): Promise<ArchiveVerification> {
  const manifest = await readManifest(folder);
  const listed = new Map(manifest.files.map((file) => [file.path, file]));
  const content = await listFolder(folder);
  const found = new Map(content.files.map((file) => [file.path, file]));
  const changed = [...listed.values()].flatMap(({ path, sha256: expected }) => {
    const received = found.get(path)?.sha256 ?? expected;
    return received === expected ? [] : [{ path, expected, received }];
  });
  const [listedOthers, foundOthers] = [namesOf(manifest.others), namesOf(content.others)];
  const missing = [
    ...[...listed.keys()].filter((path) => !found.has(path)),
    ...listedOthers.filter((name) => !foundOthers.includes(name)),
  ];
  const unlisted = [
    ...[...found.keys()].filter((path) => !listed.has(path)),
    ...foundOthers.filter((name) => !listedOthers.includes(name)),
  ];
  return { intact: changed.length + missing.length + unlisted.length === 0, changed, missing, unlisted };
}

function namesOf(others: readonly ManifestOther[]): readonly string[] {
  return others.map(({ path, kind }) => `${path} (${kind})`);
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
