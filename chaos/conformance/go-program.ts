import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { lstat, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A first build of the largest program downloads and compiles some hundred packages, on a machine that may be busy. */
const BUILD_TIMEOUT_MS = 900_000;
const OWNER_ONLY = 0o700;

/** A program of a Go module at one version, as `go install` names it. */
export interface GoProgram {
  /** Its package: `github.com/Shopify/toxiproxy/v2/cmd/server`. The last part is the program's name. */
  readonly package: string;
  /** An exact version: `v2.12.0`. Not `latest`: what is cached must be what was asked for. */
  readonly version: string;
}

/** Where the program is, or why there is none: a test that needs it is then skipped, with the reason. */
export type InstalledGoProgram =
  | { readonly kind: "installed"; readonly path: string }
  | { readonly kind: "missing"; readonly why: string };

/**
 * Builds the program once with the machine's own Go, and keeps it in the folder `go-programs` of a cache folder:
 * unless told otherwise `<temporary directory>/kanit-<uid>/cache`, where the lab keeps its caches as well.
 * Never throws: without Go, without the network or with a foreign cache folder it says why there is none.
 */
export async function installGoProgram(
  program: GoProgram,
  cacheDirectory: string | null = null,
): Promise<InstalledGoProgram> {
  const label = `${program.package}@${program.version}`;
  try {
    const programs = await openPrograms(cacheDirectory ?? (await openCache()));
    const directory = join(programs, label.replace(/[^A-Za-z0-9.@-]+/g, "-"));
    const path = join(directory, basename(program.package));
    if (!existsSync(path)) await build(label, programs, directory);
    if (existsSync(path)) return { kind: "installed", path };
    return { kind: "missing", why: `go install ${label} made no ${path}` };
  } catch (error) {
    return { kind: "missing", why: `${label}: ${reason(error)}` };
  }
}

/** Builds beside its place and moves it there whole, so that two builds at once cannot mix. */
async function build(label: string, programs: string, directory: string): Promise<void> {
  const building = await mkdtemp(join(programs, "building-"));
  try {
    // `env` adds the one variable to the caller's own environment, where Go finds its caches and proxy.
    await run("env", [`GOBIN=${building}`, "go", "install", label], { timeout: BUILD_TIMEOUT_MS });
    await rename(building, directory).catch((error: unknown) => {
      // Somebody else built the same meanwhile: theirs is as good.
      if (!existsSync(directory)) throw error;
    });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

async function openCache(): Promise<string> {
  const uid = process.getuid?.() ?? 0;
  const root = join(tmpdir(), `kanit-${uid}`);
  await mkdir(root, { recursive: true, mode: OWNER_ONLY });
  const found = await lstat(root);
  // Whoever owns the folder decides which program is run from it.
  if (!found.isDirectory() || found.uid !== uid) throw new Error(`${root} belongs to user ${found.uid}`);
  return join(root, "cache");
}

async function openPrograms(cacheDirectory: string): Promise<string> {
  const programs = join(cacheDirectory, "go-programs");
  await mkdir(programs, { recursive: true, mode: OWNER_ONLY });
  return programs;
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const said = "stderr" in error && typeof error.stderr === "string" ? error.stderr.trim() : "";
  return /env: .*go.*: No such file/.test(said) ? "Go is not on the PATH" : said || error.message;
}
