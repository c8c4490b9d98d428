// Makes a fresh checkout ready: dependencies, the Node that runs kanit, Postgres's library links, pgBouncer.
// Plain JavaScript on Node's own modules, since it runs before anything is installed, on Node 20 or newer.
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
 * The install scripts that kanit needs, among all of its dependencies' scripts; .npmrc
 * keeps npm from running any.
 */
const INSTALL_SCRIPTS = JSON.parse(readFileSync(join(ROOT, "project", "install-scripts.json"), "utf8"));

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
    for (const folder of foldersOf(pattern)) run(process.execPath, [script], { cwd: folder });
  // npm links only the programs that exist when it installs.
  run("npm", ["rebuild", "--ignore-scripts", "--loglevel=error", "node"]);
  if (!hasNode24())
    missing("Node 24 from the npm package `node` does not run. Remove node_modules and try again.");
}

function hasNode24() {
  const node = join(MODULES, ".bin", "node");
  return spawnSync(node, ["--version"], { encoding: "utf8" }).stdout?.startsWith("v24.") ?? false;
}

function hasPgbouncer() {
  return spawnSync("pgbouncer", ["--version"], { env: withSbin() }).status === 0;
}

// Debian puts pgbouncer into /usr/sbin, which is not on every user's PATH.
function withSbin() {
  return { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/sbin:/usr/local/sbin:/opt/homebrew/bin` };
}

function installPgbouncer() {
  if (hasPgbouncer()) return;
  const exists = (command) => spawnSync(command, ["--version"]).error === undefined;
  if (process.getuid?.() === 0 && exists("apt-get")) {
    process.stderr.write("kanit: installing pgbouncer (apt-get) …\n");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const install = () =>
      run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "pgbouncer"], { env });
    run("apt-get", ["update", "-qq"], { env });
    install();
  } else if (exists("brew")) {
    process.stderr.write("kanit: installing pgbouncer (brew) …\n");
    run("brew", ["install", "--quiet", "pgbouncer"]);
  }
  if (!hasPgbouncer()) {
    missing(
      "pgbouncer is missing. Install it: sudo apt-get install pgbouncer (Debian), brew install pgbouncer (macOS).",
    );
  }
}

installDependencies();
installPgbouncer();
