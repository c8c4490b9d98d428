import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { UnavailableError } from "../../core/index.ts";

const run = promisify(execFile);
const VERSION_TIMEOUT_MS = 30_000;
/** Go programs are built into folders named after their module and version. */
const CACHED = /^go\.k6\.io-k6.*@v/;

/** An installed k6. */
export interface K6Program {
  readonly path: string;
  /** As it prints it: `v1.8.1`. */
  readonly version: string;
}

/**
 * Finds k6: on the PATH, else the newest one in `<cacheDirectory>/go-programs`, where the benchmark builds it.
 *
 * @throws UnavailableError `no-k6`.
 */
export async function findK6(cacheDirectory: string): Promise<K6Program> {
  for (const path of ["k6", ...(await cachedPrograms(join(cacheDirectory, "go-programs")))]) {
    const version = await versionOf(path);
    if (version !== null) return { path, version };
  }
  throw new UnavailableError({
    code: "no-k6",
    message: "Expected the k6 program on the PATH or in kanit's cache, found none, so k6 was skipped.",
    nextStep:
      "Install it: go install go.k6.io/k6@v1.8.1, or a package of https://grafana.com/docs/k6, or npm run bench -- load.",
  });
}

async function cachedPrograms(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const byVersion = new Intl.Collator("en", { numeric: true });
  return names
    .filter((name) => CACHED.test(name))
    .toSorted((one, other) => byVersion.compare(other, one))
    .map((name) => join(directory, name, "k6"));
}

/** Null when there is no such program. A program that exists but does not run is an error. */
async function versionOf(path: string): Promise<string | null> {
  try {
    const { stdout } = await run(path, ["version"], { timeout: VERSION_TIMEOUT_MS });
    return /\bv\d[\w.-]*/.exec(stdout)?.[0] ?? stdout.trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
