// Installs pgBouncer, the one program of a lab that no npm package brings, where that takes no question: as root with
// apt-get, or with Homebrew. Quick when it is there. What it may not do it names with the command to type, and ends
// with 69. Plain JavaScript on Node's own modules: a fresh checkout runs it too.
import { spawnSync } from "node:child_process";

const EXIT_UNAVAILABLE = 69;

function hasPgbouncer() {
  return spawnSync("pgbouncer", ["--version"], { env: withSbin() }).status === 0;
}

// Debian puts pgbouncer into /usr/sbin, which is not on every user's PATH.
function withSbin() {
  return { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/sbin:/usr/local/sbin:/opt/homebrew/bin` };
}

/** Runs a command to its end, showing its output only when it fails. */
function run(command, args, env = process.env) {
  const result = spawnSync(command, args, { encoding: "utf8", env });
  if (result.status === 0) return;
  const output = `${result.stdout ?? ""}${result.stderr ?? ""}`.trim();
  process.stderr.write(`${output || (result.error?.message ?? `exit code ${result.status}`)}\n`);
}

function install() {
  const exists = (command) => spawnSync(command, ["--version"]).error === undefined;
  if (process.getuid?.() === 0 && exists("apt-get")) {
    process.stderr.write("kanit: installing pgbouncer (apt-get) …\n");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    run("apt-get", ["update", "-qq"], env);
    run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "pgbouncer"], env);
  } else if (exists("brew")) {
    process.stderr.write("kanit: installing pgbouncer (brew) …\n");
    run("brew", ["install", "--quiet", "pgbouncer"]);
  }
}

if (!hasPgbouncer()) install();
if (!hasPgbouncer()) {
  process.stderr.write(
    "kanit: pgbouncer is missing. Install it: sudo apt-get install pgbouncer (Debian), brew install pgbouncer (macOS).\n",
  );
  process.exitCode = EXIT_UNAVAILABLE;
}
