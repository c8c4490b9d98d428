import { chmod, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readRelease } from "../../installation/index.ts";
import { compileModules } from "./compile.ts";
import { assetText, ENTRIES, isAsset, PUBLIC_ENTRY, ROOT_ASSETS, SHIPPED_ROOMS } from "./contents.ts";
import { bundleDeclarations } from "./declarations.ts";

const EXECUTABLE = 0o755;
/** Where npm finds the command line. */
const PROGRAM = "cli/kanit.mjs";

/**
 * Makes what a package ships, in a folder that is made anew: the compiled modules, beside them what they read, the
 * declarations of the public interface, and a manifest. Rooms lie in it as in the checkout, so that each file finds the
 * others where it always does.
 *
 * @param root The checkout. It ends with a slash.
 */
export async function buildPackage(root: string, target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  for (const { path, text } of await compileModules(root, ENTRIES)) await write(join(target, path), text);
  for (const path of [...ROOT_ASSETS, ...(await assetsOf(root))]) await copyAsset(root, target, path);
  const declarations = await bundleDeclarations(root, PUBLIC_ENTRY);
  await write(join(target, PUBLIC_ENTRY.replace(/\.ts$/, ".d.ts")), declarations);
  await chmod(join(target, PROGRAM), EXECUTABLE);
  await write(join(target, "package.json"), await manifestOf(root));
}

async function assetsOf(root: string): Promise<readonly string[]> {
  const found = await Promise.all(
    SHIPPED_ROOMS.map(async (room) => {
      const entries = await readdir(join(root, room), { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      return files.map((entry) => join(entry.parentPath, entry.name).slice(root.length));
    }),
  );
  return found.flat().filter(isAsset).sort();
}

async function copyAsset(root: string, target: string, path: string): Promise<void> {
  const to = join(target, path);
  await mkdir(dirname(to), { recursive: true });
  // Copied first for its mode: some of them are programs.
  await cp(join(root, path), to);
  const text = await readFile(to, "utf8");
  const shipped = assetText(path, text);
  if (shipped !== text) await writeFile(to, shipped);
}

async function manifestOf(root: string): Promise<string> {
  const { name, type, dependencies, peerDependencies } = JSON.parse(
    await readFile(join(root, "package.json"), "utf8"),
  ) as Readonly<Record<string, unknown>>;
  const { version, commit } = await readRelease();
  const manifest = { name, version, commit, private: true, type, dependencies, peerDependencies };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
