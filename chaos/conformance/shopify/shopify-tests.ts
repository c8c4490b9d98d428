import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, copyFile, cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { FAULT_PROXY_MAIN } from "../../fault-proxy-main.ts";
import { BUILD_TIMEOUT_MS, missing, openProgramCache } from "../go-program.ts";

const run = promisify(execFile);

const MODULE = "github.com/Shopify/toxiproxy/v2@v2.12.0";
/** Shopify's tests of the HTTP API. Its other tests reach into its own data structures. */
const API_TESTS = "api_test.go";
const OUR_MAIN = fileURLToPath(new URL("kanit_main_test.go", import.meta.url));
const PROGRAM = "api.test";

/** Tests whose expectation kanit's proxy does not fulfill on purpose, with the reason. */
export const DIFFERENT_ON_PURPOSE: Readonly<Record<string, string>> = {
  TestPopulateExistingProxy:
    "expects /populate to keep the toxics of a proxy that it names: ours sets exactly the requested state",
  TestPopulateProxyWithBadDataShouldReturnError:
    "expects the proxies before the one that cannot be made to be there: ours makes all of a list or none",
  TestAddNoop: "expects a toxic of type noop: a toxic without effect proves nothing",
  TestVersionEndpointReturnsVersion: 'expects the version "git" of a server built from its sources',
};

/** Shopify's compiled tests, or why there are none: whoever needs them is skipped with this reason. */
export type ShopifyTests =
  | { readonly kind: "installed"; readonly path: string; readonly names: readonly string[] }
  | { readonly kind: "missing"; readonly why: string };

/** The result of one of the tests. */
export interface ShopifyResult {
  readonly name: string;
  readonly passed: boolean;
  /** What the test printed. */
  readonly output: string;
}

/**
 * Compiles Shopify's tests of the API with the machine's Go, once, and keeps them in the cache. Only the
 * function that starts its server is replaced. Never throws.
 */
export async function installShopifyTests(): Promise<ShopifyTests> {
  try {
    const programs = await openProgramCache();
    // A change of our part makes another program.
    const digest = createHash("sha256")
      .update(await readFile(OUR_MAIN))
      .digest("hex")
      .slice(0, 12);
    const directory = join(programs, `shopify-tests-${digest}`);
    if (!existsSync(join(directory, PROGRAM))) await build(programs, directory);
    const names = [...(await readFile(join(directory, API_TESTS), "utf8")).matchAll(/^func (Test\w+)\(/gm)];
    return { kind: "installed", path: join(directory, PROGRAM), names: names.map(([, name = ""]) => name) };
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
  { path, names }: ShopifyTests & { readonly kind: "installed" },
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
  return parts.flatMap((part) => {
    const ending = /^--- (PASS|FAIL|SKIP): (\w+)/m.exec(part);
    return ending === null
      ? [{ name: part.split("\n")[0] ?? "", passed: false, output: part }]
      : [{ name: ending[2] ?? "", passed: ending[1] === "PASS", output: part }];
  });
}

async function build(programs: string, directory: string): Promise<void> {
  const building = await mkdtemp(join(programs, "building-"));
  try {
    const { stdout } = await run("go", ["mod", "download", "-json", MODULE], { timeout: BUILD_TIMEOUT_MS });
    const { Dir: sources } = JSON.parse(stdout) as { readonly Dir: string };
    const module = join(building, "module");
    await cp(sources, module, { recursive: true });
    await makeWritable(module);
    await removeOtherTests(module);
    const tests = join(module, API_TESTS);
    await writeFile(tests, withoutServer(await readFile(tests, "utf8")));
    await copyFile(OUR_MAIN, join(module, "kanit_main_test.go"));
    const compiled = join(building, PROGRAM);
    await run("go", ["test", "-c", "-o", compiled, "."], { cwd: module, timeout: BUILD_TIMEOUT_MS });
    await copyFile(tests, join(building, API_TESTS));
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

/** Removes the other test files: they use the server's internal types, and would not compile any more. */
async function removeOtherTests(module: string): Promise<void> {
  for (const name of await readdir(module)) {
    if (name.endsWith("_test.go") && name !== API_TESTS && name !== "toxiproxy_test.go")
      await rm(join(module, name));
  }
}

/**
 * Shopify's file without its server: our file has the function in its place.
 *
 * @throws Error when the file is not as expected, so that the tests would run against another server.
 */
export function withoutServer(source: string): string {
  const server = /^var testServer .*\n|^func WithServer\([\s\S]*?^}\n/gm;
  const found = source.match(server)?.length ?? 0;
  if (found !== 2) throw new Error(`expected the server of ${API_TESTS} at 2 places, found ${found}`);
  const rest = source.replaceAll(server, "");
  const body = rest.slice(rest.indexOf(")\n"));
  // Go refuses imports that are not used any more.
  return rest.replace(/^\t(?:(\w+) )?"([^"]+)"\n/gm, (line, alias: string | undefined, path: string) => {
    const name =
      alias ??
      path
        .replace(/\/v\d+$/, "")
        .split("/")
        .at(-1) ??
      "";
    return new RegExp(`\\b${name}\\.`).test(body) ? line : "";
  });
}
