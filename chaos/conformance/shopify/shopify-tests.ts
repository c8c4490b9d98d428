import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import {
  chmod,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { FAULT_PROXY_MAIN } from "../../fault-proxy-main.ts";
import { BUILD_TIMEOUT_MS, missing, openProgramCache } from "../go-program.ts";
import { adaptedSource, TEST_PACKAGES, type TestPackage, testsIn, WITHIN_GO } from "./test-sources.ts";

const run = promisify(execFile);

const MODULE = "github.com/Shopify/toxiproxy/v2@v2.12.0";
/** What a proxy is for the tests: its folder in the copy of their module. */
const OUR_PACKAGE = { file: "kanit_proxy.go", folder: "kanit" };
const OUR_FILES = [...new Set([OUR_PACKAGE.file, ...TEST_PACKAGES.flatMap(({ own }) => own)])];

/** Tests whose expectation kanit's proxy does not fulfill on purpose, with the reason. */
export const DIFFERENT_ON_PURPOSE: Readonly<Record<string, string>> = {
  TestPopulateExistingProxy:
    "expects /populate to keep the toxics of a proxy that it names: ours sets exactly the requested state",
  TestPopulateProxyWithBadDataShouldReturnError:
    "expects the proxies before the one that cannot be made to be there: ours makes all of a list or none",
  TestProxyToDownUpstream:
    "expects the clean end of a connection whose server cannot be reached: ours resets it, which a client takes for an error",
  TestTimeoutToxicClosesConnectionOnRemove:
    "expects connections to end with the toxic timeout: ours sends the bytes on that it held",
  TestAddNoop: "expects a toxic of type noop: a toxic without effect proves nothing",
  TestVersionEndpointReturnsVersion: 'expects the version "git" of a server built from its sources',
};

/** What a test prints besides its failures. */
const REMARK = /Using latency:|Time was correct:|Average proxy latency:/;
/** The failures of a test that measures: of time, within some milliseconds. */
const LATE = /Time was more than|Average proxy latency >/;

/** Shopify's compiled tests, or why there are none: whoever needs them is skipped with this reason. */
export type ShopifyTests =
  | { readonly kind: "installed"; readonly programs: readonly TestProgram[] }
  | { readonly kind: "missing"; readonly why: string };

/** The compiled tests of a package. */
interface TestProgram {
  readonly path: string;
  /** The tests of each of its files, which are run on a proxy of their own. */
  readonly tests: readonly (readonly string[])[];
}

/** The result of one of the tests. */
export interface ShopifyResult {
  readonly name: string;
  /** `late`: all was as expected except for a time, which another program on the machine can lengthen. */
  readonly verdict: "passed" | "late" | "failed";
  /** What the test printed. */
  readonly output: string;
}

/**
 * Compiles Shopify's tests with the machine's Go, once, and keeps them in the cache. Only what starts a server
 * within the tests is replaced. Never throws.
 */
export async function installShopifyTests(): Promise<ShopifyTests> {
  try {
    const programs = await openProgramCache();
    // A change of our part makes other programs.
    const digest = createHash("sha256").update(JSON.stringify([TEST_PACKAGES, WITHIN_GO]));
    for (const file of OUR_FILES) digest.update(await readFile(ownPath(file)));
    const directory = join(programs, `shopify-tests-${digest.digest("hex").slice(0, 12)}`);
    if (!existsSync(directory)) await build(programs, directory);
    const built = TEST_PACKAGES.map(async ({ name, files }) => ({
      path: join(directory, `${name}.test`),
      tests: await Promise.all(
        Object.keys(files).map(async (file) => testsIn(await readFile(join(directory, file), "utf8"))),
      ),
    }));
    return { kind: "installed", programs: await Promise.all(built) };
  } catch (error) {
    return missing(`the tests of ${MODULE}`, error);
  }
}

/**
 * Runs the tests on kanit's proxy, in a network namespace of their own: they use fixed ports.
 *
 * @throws Error when the namespace cannot be made or the proxy does not start.
 */
export async function runShopifyTests(
  { programs }: ShopifyTests & { readonly kind: "installed" },
  timeoutMs: number,
): Promise<readonly ShopifyResult[]> {
  const results: ShopifyResult[] = [];
  for (const { path, tests } of programs) {
    for (const names of tests.filter(({ length }) => length > 0)) {
      results.push(...(await runTests(path, names, timeoutMs)));
    }
  }
  return results;
}

async function runTests(
  path: string,
  names: readonly string[],
  timeoutMs: number,
): Promise<readonly ShopifyResult[]> {
  const args = ["--map-root-user", "--net", path, "-test.v", `-test.run=^(${names.join("|")})$`];
  const command = [process.execPath, FAULT_PROXY_MAIN, "--port", "8475"].join("\n");
  const { stdout } = await run("unshare", args, {
    timeout: timeoutMs,
    killSignal: "SIGKILL",
    env: { KANIT_PROXY_COMMAND: command, PATH: "/usr/bin:/bin" },
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: { readonly stdout?: string; readonly code?: unknown }) => {
    // 1: a test failed. Its output says which.
    if (error.code === 1 && error.stdout !== undefined) return { stdout: error.stdout };
    throw error;
  });
  return parseResults(stdout);
}

/** The results in the output of `go test -v`. */
export function parseResults(output: string): readonly ShopifyResult[] {
  const parts = output.split(/^=== RUN +/m).slice(1);
  return parts.map((part) => {
    const [, result, name] = /^--- (PASS|FAIL|SKIP): (\w+)/m.exec(part) ?? [];
    if (name === undefined) return { name: part.split("\n")[0] ?? "", verdict: "failed", output: part };
    return { name, verdict: result === "PASS" ? "passed" : verdictOfFailed(part), output: part };
  });
}

function verdictOfFailed(output: string): "late" | "failed" {
  const failures = (output.match(/^ +\w+_test\.go:\d+: .*$/gm) ?? []).filter((line) => !REMARK.test(line));
  return failures.length > 0 && failures.every((line) => LATE.test(line)) ? "late" : "failed";
}

async function build(programs: string, directory: string): Promise<void> {
  const building = await mkdtemp(join(programs, "building-"));
  try {
    const { stdout } = await run("go", ["mod", "download", "-json", MODULE], { timeout: BUILD_TIMEOUT_MS });
    const { Dir: sources } = JSON.parse(stdout) as { readonly Dir: string };
    const module = join(building, "module");
    await cp(sources, module, { recursive: true });
    await makeWritable(module);
    await mkdir(join(module, OUR_PACKAGE.folder));
    await copyFile(ownPath(OUR_PACKAGE.file), join(module, OUR_PACKAGE.folder, OUR_PACKAGE.file));
    for (const each of TEST_PACKAGES) await compile(each, module, building);
    await rm(module, { recursive: true });
    await rename(building, directory).catch((error: unknown) => {
      // Another process has built the same meanwhile, and its result is used.
      if (!existsSync(directory)) throw error;
    });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

/** Go's module cache is read-only, and so are copies from it. */
async function makeWritable(directory: string): Promise<void> {
  await chmod(directory, 0o700);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await makeWritable(path);
    else await chmod(path, 0o600);
  }
}

/** Compiles a package of tests, and leaves its adapted files beside the program. */
async function compile({ name, folder, files, own }: TestPackage, module: string, to: string): Promise<void> {
  const directory = join(module, folder);
  // The others use the server's internal types, and would not compile any more.
  for (const file of await readdir(directory)) {
    if (file.endsWith("_test.go") && !(file in files)) await rm(join(directory, file));
  }
  for (const [file, serverParts] of Object.entries(files)) {
    const adapted = adaptedSource(file, await readFile(join(directory, file), "utf8"), serverParts);
    await writeFile(join(directory, file), adapted);
    await writeFile(join(to, file), adapted);
  }
  for (const file of own) {
    const source = await readFile(ownPath(file), "utf8");
    const packageName = folder === "." ? "toxiproxy_test" : `${folder}_test`;
    await writeFile(join(directory, file), source.replace(/^package \w+$/m, `package ${packageName}`));
  }
  const program = join(to, `${name}.test`);
  await run("go", ["test", "-c", "-o", program, "."], { cwd: directory, timeout: BUILD_TIMEOUT_MS });
}

function ownPath(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
