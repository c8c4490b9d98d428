import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { lstat, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * The first build of the largest program downloads and compiles some hundred packages, on a
 * machine that may be busy.
 */
export const BUILD_TIMEOUT_MS = 900_000;
const OWNER_ONLY = 0o700;

/** A program of a Go module at one version, as for `go install`. */
export interface GoProgram {
  /** Its package: `github.com/Shopify/toxiproxy/v2/cmd/server`. The last part is the program's name. */
  readonly package: string;
  /** An exact version: `v2.12.0`. Not `latest`, so that a cached program is the requested one. */
  readonly version: string;
}

/** The program's path, or why there is none: tests that need it are then skipped with this reason. */
export type InstalledGoProgram =
  | { readonly kind: "installed"; readonly path: string }
  | { readonly kind: "missing"; readonly why: string };

/**
 * Builds the program once with the machine's own Go, and keeps it in the folder `go-programs` of a cache
 * folder: by default `<temporary directory>/kanit-<uid>/cache`, which the lab also uses. Never throws:
 * without Go, without the network or with another user's cache folder it returns the reason.
 */
export async function installGoProgram(
  program: GoProgram,
  cacheDirectory: string | null = null,
): Promise<InstalledGoProgram> {
  const label = `${program.package}@${program.version}`;
  try {
    const programs = await openProgramCache(cacheDirectory);
    const directory = join(programs, label.replace(/[^A-Za-z0-9.@-]+/g, "-"));
    const path = join(directory, basename(program.package));
    if (!existsSync(path)) await build(label, programs, directory);
    if (existsSync(path)) return { kind: "installed", path };
    return { kind: "missing", why: `go install ${label} did not create ${path}` };
  } catch (error) {
    return missing(label, error);
  }
}

/** Builds in a temporary place and moves the result, so that two builds at once cannot mix. */
async function build(label: string, programs: string, directory: string): Promise<void> {
  const building = await mkdtemp(join(programs, "building-"));
  try {
    // `env` adds this variable to the caller's own environment, which Go needs for its caches and proxy.
    await run("env", [`GOBIN=${building}`, "go", "install", label], { timeout: BUILD_TIMEOUT_MS });
    await rename(building, directory).catch((error: unknown) => {
      // Another process has built the same program meanwhile, and its result is used.
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
  // The owner of the folder could replace the program that is run.
  if (!found.isDirectory() || found.uid !== uid) throw new Error(`${root} belongs to user ${found.uid}`);
  return join(root, "cache");
}

/**
 * The folder of compiled programs, by default in the cache that the lab also uses. @throws Error when it is
 * another user's.
 */
export async function openProgramCache(cacheDirectory: string | null = null): Promise<string> {
  const programs = join(cacheDirectory ?? (await openCache()), "go-programs");
  await mkdir(programs, { recursive: true, mode: OWNER_ONLY });
  return programs;
}

/** Why the program could not be built, in one line. */
export function missing(label: string, error: unknown): { readonly kind: "missing"; readonly why: string } {
  return { kind: "missing", why: `${label}: ${reason(error)}` };
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const said = "stderr" in error && typeof error.stderr === "string" ? error.stderr.trim() : "";
  return /env: .*go.*: No such file|spawn go ENOENT/.test(said || error.message)
    ? "Go is not on the PATH"
    : said || error.message;
}
