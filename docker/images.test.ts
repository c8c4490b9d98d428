import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
/** The imports of a file that remain when its types are stripped. */
const IMPORTS = /^(?:import|export) (?!type\b)[^;]*?from "([^"]+)";|\bimport\("([^"]+)"\)/gm;

/** What programs import, directly or indirectly: files from the project's root, and packages. */
interface Imports {
  readonly files: ReadonlySet<string>;
  readonly packages: ReadonlySet<string>;
}

async function importsOf(programs: readonly string[]): Promise<Imports> {
  const files = new Set(programs);
  const packages = new Set<string>();
  for (const file of files) {
    if (!file.endsWith(".ts")) continue;
    for (const match of (await readFile(join(ROOT, file), "utf8")).matchAll(IMPORTS)) {
      const name = match[1] ?? match[2] ?? "";
      if (name.startsWith(".")) files.add(relative(ROOT, join(ROOT, dirname(file), name)));
      else if (!isBuiltin(name)) packages.add(name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
    }
  }
  return { files, packages };
}

const IMAGES = [
  { image: "exchanges", programs: ["exchanges/main.ts"] },
  { image: "fault-proxy", programs: ["chaos/proxy/main.ts"] },
  { image: "spark", programs: ["platform/main.ts", "platform/migrate.ts"] },
];
/** An image without packages: what its program imports must do without them. */
const DOORWAY = { image: "doorway", programs: ["docker/main.ts"] };

describe("an image", () => {
  it.each([...IMAGES, DOORWAY])(
    "$image contains every room that its programs import",
    async ({ image, programs }) => {
      const { files } = await importsOf(programs);
      const rooms = new Set([...files].map((file) => file.slice(0, file.indexOf("/"))));
      // The doorway's own files are copied one by one.
      rooms.delete("docker");
      const dockerfile = await readFile(join(ROOT, "docker", `${image}.Dockerfile`), "utf8");
      const copied = [...dockerfile.matchAll(/^COPY ([a-z]+) /gm)].map(([, name]) => name);
      expect(copied).toEqual(expect.arrayContaining([...rooms]));
      const ignore = await readFile(join(ROOT, ".dockerignore"), "utf8");
      for (const name of copied) expect(ignore, "what the engine is sent").toContain(`\n!${name}\n`);
    },
  );

  it("doorway needs no package", async () => {
    expect([...(await importsOf(DOORWAY.programs)).packages]).toEqual([]);
  });

  it.each(IMAGES)("$image contains every package that its programs import", async ({ programs }) => {
    const { packages } = await importsOf(programs);
    expect(packages.size).toBeGreaterThan(0);
    expect(await installedPackages()).toEqual(expect.arrayContaining([...packages]));
  });

  it("images contain no package that none of their programs imports", async () => {
    const imported = new Set<string>();
    for (const { programs } of IMAGES) {
      for (const name of (await importsOf(programs)).packages) imported.add(name);
    }
    expect((await installedPackages()).filter((name) => !imported.has(name))).toEqual([]);
  });
});

/** What `install-dependencies.sh` keeps of the packages that kanit depends on. */
async function installedPackages(): Promise<readonly string[]> {
  const install = await readFile(join(ROOT, "docker", "install-dependencies.sh"), "utf8");
  return install.match(/^node keep-dependencies\.cjs (.+)$/m)?.[1]?.split(" ") ?? [];
}
