import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { cpus, release, totalmem, type } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import type { EnvironmentRecord } from "../../evidence/index.ts";
import type { Lab } from "../../lab/index.ts";

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Describes the machine and what the lab on it is made of. */
export async function environmentRecord(lab: Lab, timeScale: number): Promise<EnvironmentRecord> {
  const [described, kanitVersion, commit] = await Promise.all([
    lab.describe(),
    packageVersion(),
    commitOfCheckout(),
  ]);
  const processors = cpus();
  return {
    runtime: described.runtime,
    kanitVersion,
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

async function packageVersion(): Promise<string> {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

async function commitOfCheckout(): Promise<string> {
  try {
    const { stdout } = await execute("git", ["describe", "--always", "--dirty", "--abbrev=12"], {
      cwd: ROOT,
    });
    return stdout.trim();
  } catch {
    // Unpacked from an archive, or no git here: the record says that it is not known.
    return "unknown";
  }
}
