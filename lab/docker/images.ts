import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { INSTALLATION } from "../../installation/index.ts";
import type { DockerEngine } from "./docker-engine.ts";
import type { DockerSettings } from "./docker-settings.ts";

/** The sources of kanit's own images; what .dockerignore excludes does not matter. */
const SOURCES = [
  "package.json",
  "package-lock.json",
  ".dockerignore",
  "core",
  "venues",
  "network",
  "exchanges",
  "chaos",
  "platform",
  "docker",
];
const NO_SOURCE = /\.test\.ts$|[/\\]testing[/\\]/;
const TAG_LENGTH = 12;

/** The images of a lab in containers. */
export interface LabImages {
  /** The tag of our own images. */
  readonly tag: string;
  readonly platform: string;
}

/**
 * Builds the images that do not exist yet. Their tag is a hash of their sources: an image is never older than
 * the checkout, and an existing one is not built again.
 *
 * @throws UnavailableError `image-missing` when a base image is available neither locally
 *   nor from its registry.
 */
export async function makeImages(
  engine: DockerEngine,
  settings: DockerSettings,
  signal: AbortSignal,
): Promise<LabImages> {
  const tag = await sourcesHash();
  const names = [
    "pgbouncer",
    "doorway",
    "exchanges",
    ...(settings.proxyEngine === "kanit" ? ["fault-proxy"] : []),
    ...(settings.platformImage === null ? ["spark"] : []),
  ];
  // One after the other: they have layers in common.
  for (const name of names) await makeImage(engine, name, tag, signal);
  if (settings.platformImage !== null) await fetchImage(engine, settings.platformImage, signal);
  return { tag, platform: settings.platformImage ?? `kanit/spark:${tag}` };
}

async function makeImage(
  engine: DockerEngine,
  name: string,
  tag: string,
  signal: AbortSignal,
): Promise<void> {
  const image = `kanit/${name}:${tag}`;
  if (await isHere(engine, image, signal)) return;
  const file = join("docker", `${name}.Dockerfile`);
  await engine.runLong(["build", "--quiet", "--file", file, "--tag", image, "."], signal);
  await removeOlder(engine, name, tag);
}

/** Before anything is started: without an image there is no reason to start a database. */
async function fetchImage(engine: DockerEngine, image: string, signal: AbortSignal): Promise<void> {
  if (!(await isHere(engine, image, signal))) await engine.runLong(["pull", "--quiet", image], signal);
}

async function isHere(engine: DockerEngine, image: string, signal: AbortSignal): Promise<boolean> {
  return (await engine.run(["image", "ls", "--quiet", image], signal)).trim() !== "";
}

/** Images of earlier sources, unless a container or a user's own tag uses them. */
async function removeOlder(engine: DockerEngine, name: string, tag: string): Promise<void> {
  const text = await engine.run(["image", "ls", "--format", "{{.Tag}}", `kanit/${name}`]);
  const older = text.split("\n").filter((found) => /^[0-9a-f]{12}$/.test(found) && found !== tag);
  // A refusal means that a lab uses it; the next build tries again.
  await Promise.allSettled(older.map((found) => engine.run(["image", "rm", `kanit/${name}:${found}`])));
}

async function sourcesHash(): Promise<string> {
  const hash = createHash("sha256");
  for (const source of SOURCES) {
    for (const path of await filesBelow(source)) {
      hash
        .update(path)
        .update("\0")
        .update(await readFile(join(INSTALLATION.directory, path)));
    }
  }
  return hash.digest("hex").slice(0, TAG_LENGTH);
}

async function filesBelow(path: string): Promise<readonly string[]> {
  const entries = await readdir(join(INSTALLATION.directory, path), {
    recursive: true,
    withFileTypes: true,
  }).catch((error: unknown) => {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    if (error.code === "ENOTDIR") return null;
    // A package has no lock file.
    if (error.code === "ENOENT") return [];
    throw error;
  });
  if (entries === null) return [path];
  const files = entries.filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name).slice(INSTALLATION.directory.length));
  return paths.filter((found) => !NO_SOURCE.test(found)).sort();
}
