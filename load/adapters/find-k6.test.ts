import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findK6 } from "./find-k6.ts";

async function cacheOf(versions: readonly string[]) {
  const cache = await mkdtemp(join(tmpdir(), "kanit-find-k6-"));
  for (const version of versions) {
    const folder = join(cache, "go-programs", `go.k6.io-k6@${version}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "k6"), `#!/bin/sh\necho "k6 ${version} (go1.26, linux/amd64)"\n`);
    await chmod(join(folder, "k6"), 0o755);
  }
  return { cache, [Symbol.asyncDispose]: () => rm(cache, { recursive: true }) };
}
const onPath = await findK6("/nowhere").catch(() => null);

it("takes the newest k6 of the cache when none is on the PATH", async (context) => {
  if (onPath !== null) context.skip(`k6 ${onPath.version} is on the PATH`);
  await using folder = await cacheOf(["v1.8.1", "v1.10.0", "v1.9.2"]);
  const found = await findK6(folder.cache);
  expect(found).toEqual({
    version: "v1.10.0",
    path: join(folder.cache, "go-programs/go.k6.io-k6@v1.10.0/k6"),
  });
});

it("reports how to get k6 when it is missing, with that exit code", async (context) => {
  if (onPath !== null) context.skip(`k6 ${onPath.version} is on the PATH`);
  await using folder = await cacheOf([]);
  await expect(findK6(folder.cache)).rejects.toMatchObject({
    code: "no-k6",
    exitCode: 69,
    nextStep: expect.stringContaining("go install"),
  });
});
