import { cpus, release, totalmem, type } from "node:os";
import type { EnvironmentRecord } from "../../evidence/index.ts";
import { readRelease } from "../../installation/index.ts";
import type { Lab } from "../../lab/index.ts";

/** Describes the machine and the parts of the lab on it. */
export async function environmentRecord(lab: Lab, timeScale: number): Promise<EnvironmentRecord> {
  const [described, { version, commit }] = await Promise.all([lab.describe(), readRelease()]);
  const processors = cpus();
  return {
    runtime: described.runtime,
    kanitVersion: version,
    commit,
    node: process.version,
    os: `${type()} ${release()} ${process.arch}`,
    cpuModel: processors[0]?.model.trim() ?? "unknown",
    cpuCount: processors.length,
    memoryBytes: totalmem(),
    postgres: described.postgres,
    pgbouncer: described.pgbouncer,
    proxy: described.proxy,
    market: described.market,
    tapeSpeed: described.tapeSpeed,
    timeScale,
  };
}
