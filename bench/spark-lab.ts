import { SecretRegistry } from "../core/index.ts";
import { readPlatformDefinition, SPARK_DEFINITION } from "../definition/index.ts";
import { type LabOptions, labTemporaryDirectory, readMarket } from "../lab/index.ts";

/** A lab with Spark in it, on the recording that `KANIT_TAPE` names, otherwise on the synthetic market. */
export async function sparkLabOptions(): Promise<LabOptions> {
  const tape = process.env.KANIT_TAPE ?? "";
  return {
    platform: await readPlatformDefinition(SPARK_DEFINITION),
    market: await readMarket([tape === "" ? "synthetic" : tape], []),
    tapeSpeed: 1,
    seed: 1,
    linkPorts: {},
    platformEnvironment: {},
    canary: null,
    stepsClock: false,
    secrets: new SecretRegistry(),
    logDirectory: null,
    temporaryDirectory: labTemporaryDirectory(process.env),
    signal: new AbortController().signal,
  };
}

/** How long it took, in milliseconds. */
export async function timed(action: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await action();
  return performance.now() - startMs;
}
