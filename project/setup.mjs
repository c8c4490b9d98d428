// Makes a fresh checkout ready: dependencies, the Node that runs kanit, Postgres's library links, pgBouncer.
// Plain JavaScript on Node's own modules, since it runs before anything is installed, on Node 20 or newer.
// `node project/setup.mjs dependencies` installs those alone, which is all that making a package takes.
// Quick when nothing is missing: a stamp of the lock file says whether the dependencies are current.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MODULES = join(ROOT, "node_modules");
const STAMP = join(MODULES, ".cache", "kanit", "dependencies.sha256");
const EXIT_UNAVAILABLE = 69;
/**
 * The install scripts that kanit needs, of all that its dependencies bring along; npm runs none, since some report to
 * third parties.
 */
const INSTALL_SCRIPTS = JSON.parse(readFileSync(join(ROOT, "project", "install-scripts.json"), "utf8"));

/** npm's scripts run on the Node below node_modules, which `npm ci` removes: then the next one on the path does. */
const NODE = process.execPath.startsWith(MODULES) ? "node" : process.execPath;

/** Ends the setup with one line that says what is missing and how to get it. */
function missing(message) {
  process.stderr.write(`kanit: ${message}\n`);
  process.exit(EXIT_UNAVAILABLE);
}

/** Runs a command until it exits, showing its output only when it fails. Returns whether it succeeded. */
function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: ROOT, encoding: "utf8", ...options });
  if (result.status === 0) return true;
  const output = `${result.stdout ?? ""}${result.stderr ?? ""}`.trim();
  process.stderr.write(`${output || (result.error?.message ?? `exit code ${result.status}`)}\n`);
  return false;
}

function installDependencies() {
  const wanted = createHash("sha256")
    .update(readFileSync(join(ROOT, "package-lock.json")))
    .digest("hex");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return;
  process.stderr.write("kanit: installing dependencies (npm ci) …\n");
  if (!run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])) {
    missing("the dependencies could not be installed. Check the network, then run: npm ci");
  }
  runInstallScripts();
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, wanted);
}

/** The installed folders that match a package's pattern. */
function foldersOf(pattern) {
  if (!pattern.endsWith("/*")) return [join(MODULES, pattern)];
  const scope = join(MODULES, pattern.slice(0, -2));
  return existsSync(scope) ? readdirSync(scope).map((name) => join(scope, name)) : [];
}

function runInstallScripts() {
  for (const { package: pattern, script } of INSTALL_SCRIPTS)
    for (const folder of foldersOf(pattern)) run(NODE, [script], { cwd: folder });
  // npm links only the programs that are there when it installs.
  run("npm", ["rebuild", "--ignore-scripts", "--loglevel=error", "node"]);
  if (!hasNode24())
    missing("Node 24 from the npm package `node` does not run. Remove node_modules and try again.");
}

function hasNode24() {
  const node = join(MODULES, ".bin", "node");
  return spawnSync(node, ["--version"], { encoding: "utf8" }).stdout?.startsWith("v24.") ?? false;
}

function installPgbouncer() {
  const program = join(ROOT, "installation", "install-pgbouncer.mjs");
  const { status } = spawnSync(NODE, [program], { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) process.exit(status ?? EXIT_UNAVAILABLE);
}

installDependencies();
if (process.argv[2] !== "dependencies") installPgbouncer();
