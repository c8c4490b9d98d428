/**
 * node keep-dependencies.cjs NAME… : keeps only these dependencies in package.json, so that an image installs
 * what it runs and nothing else. Versions stay those of the lock file.
 */
const { readFileSync, writeFileSync } = require("node:fs");

const names = process.argv.slice(2);
const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const missing = names.filter((name) => manifest.dependencies[name] === undefined);
if (missing.length > 0) {
  process.stderr.write(
    `Expected dependencies of package.json, got ${missing.join(", ")}. Correct the Dockerfile.\n`,
  );
  process.exit(64);
}
const dependencies = Object.fromEntries(names.map((name) => [name, manifest.dependencies[name]]));
const { name, version, type } = manifest;
writeFileSync("package.json", JSON.stringify({ name, version, private: true, type, dependencies }, null, 2));
