import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { labTemporaryDirectory, openStateDirectory } from "../../lab/index.ts";
import { findK6, type K6Program } from "../../load/index.ts";

const MODULE = "go.k6.io/k6";
/** The newest that the Go module proxy has under a path that builds. */
const VERSION = "v1.8.1";
/** A first build downloads and compiles some hundred packages. */
const BUILD_TIMEOUT_MS = 900_000;

/** k6 as `kanit load k6` finds it, else built with the machine's own Go into the place where that looks. */
export async function installK6(): Promise<K6Program | { readonly missing: string }> {
  const state = await openStateDirectory(labTemporaryDirectory(process.env));
  const found = await findK6(state.cache).catch(() => null);
  if (found !== null) return found;
  try {
    console.log(`building k6 ${VERSION} with Go, once …`);
    await build(join(state.cache, "go-programs"));
    return await findK6(state.cache);
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

/** Builds beside its place and moves it there whole, so that two builds at once cannot mix. */
async function build(programs: string): Promise<void> {
  await mkdir(programs, { recursive: true });
  const directory = join(programs, `${MODULE.replaceAll("/", "-")}@${VERSION}`);
  const building = await mkdtemp(join(programs, "building-"));
  try {
    // One package at a time: whoever shares the machine can go on working.
    const env = { ...process.env, GOBIN: building, GOFLAGS: `${process.env.GOFLAGS ?? ""} -p=1`.trim() };
    await promisify(execFile)("go", ["install", `${MODULE}@${VERSION}`], { env, timeout: BUILD_TIMEOUT_MS });
    if (!existsSync(directory)) await rename(building, directory);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}
