import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { promisify } from "node:util";
import type { TestContext } from "vitest";

const execute = promisify(execFile);

/**
 * Mounts a small disk at `path` while `use` runs. Where that is not possible (it needs root, on Linux,
 * outside most containers) the test is skipped with the reason.
 */
export async function onSmallDisk(
  test: TestContext,
  { path, sizeKb }: { readonly path: string; readonly sizeKb: number },
  use: () => Promise<void>,
): Promise<void> {
  await mkdir(path);
  try {
    await execute("mount", ["-t", "tmpfs", "-o", `size=${sizeKb}k,mode=755`, "kanit-test", path]);
  } catch (error) {
    test.skip(`a small disk cannot be mounted here: ${String(error)}`);
  }
  try {
    await use();
  } finally {
    // Lazily, because a container that starts meanwhile has a copy of every mount for a while.
    await execute("umount", ["--lazy", path]);
  }
}
