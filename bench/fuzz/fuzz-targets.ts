import type { FuzzTarget } from "./fuzz-target.ts";
import { blastTargets } from "./targets/blast.ts";
import { commandLineTargets } from "./targets/command-line.ts";
import { definitionTargets } from "./targets/definitions.ts";
import { driverTargets } from "./targets/drivers.ts";
import { exchangeTargets } from "./targets/exchanges.ts";
import { proxyTargets } from "./targets/proxy.ts";
import { proxySocketTargets } from "./targets/proxy-sockets.ts";
import { recordTargets } from "./targets/records.ts";
import { releaseTargets } from "./targets/releases.ts";
import { signalTargets } from "./targets/signals.ts";
import { sparkTargets } from "./targets/spark.ts";
import { tapeTargets } from "./targets/tapes.ts";
import { venueSocketTargets } from "./targets/venue-sockets.ts";

/** Every reader of foreign input, which gets its files in a folder. */
export async function fuzzTargets(folder: string): Promise<readonly FuzzTarget[]> {
  return [
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
    ...releaseTargets(folder),
    ...driverTargets(folder),
  ];
}
