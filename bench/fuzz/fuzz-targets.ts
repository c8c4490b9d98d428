import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FuzzTarget } from "./fuzz-target.ts";
import { blastTargets } from "./targets/blast.ts";
import { commandLineTargets } from "./targets/command-line.ts";
import { definitionTargets } from "./targets/definitions.ts";
import { exchangeTargets } from "./targets/exchanges.ts";
import { proxyTargets } from "./targets/proxy.ts";
import { proxySocketTargets } from "./targets/proxy-sockets.ts";
import { recordTargets } from "./targets/records.ts";
import { signalTargets } from "./targets/signals.ts";
import { sparkTargets } from "./targets/spark.ts";
import { tapeTargets } from "./targets/tapes.ts";
import { venueSocketTargets } from "./targets/venue-sockets.ts";

/** Every reader of foreign input. Disposing of it deletes its folder for files. */
export async function fuzzTargets(): Promise<AsyncDisposable & { readonly targets: readonly FuzzTarget[] }> {
  const folder = await mkdtemp(join(tmpdir(), "kanit-fuzz-"));
  return {
    targets: [
      ...signalTargets(folder),
      ...proxyTargets,
      ...definitionTargets(folder),
      ...(await recordTargets(folder)),
      ...tapeTargets(folder),
      ...commandLineTargets(folder),
      ...proxySocketTargets,
      ...exchangeTargets,
      ...venueSocketTargets,
      ...sparkTargets,
      ...blastTargets,
    ],
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
