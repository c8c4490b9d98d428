import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FuzzTarget } from "./fuzz-target.ts";
import { commandLineTargets } from "./targets/command-line.ts";
import { fileTargets } from "./targets/files.ts";
import { proxyTargets } from "./targets/proxy.ts";
import { signalTargets } from "./targets/signals.ts";

/** Every parser of foreign input. Disposing of it deletes its folder for files. */
export async function fuzzTargets(): Promise<AsyncDisposable & { readonly targets: readonly FuzzTarget[] }> {
  const folder = await mkdtemp(join(tmpdir(), "kanit-fuzz-"));
  return {
    targets: [...signalTargets, ...proxyTargets, ...fileTargets(folder), ...commandLineTargets],
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
