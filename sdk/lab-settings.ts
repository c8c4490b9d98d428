import { resolve } from "node:path";
import { readPlatformDefinition, SPARK_DEFINITION } from "../definition/index.ts";
import { type LabOptions, labTemporaryDirectory, type Market } from "../lab/index.ts";
import { runSecrets } from "../runs/index.ts";

/** What a lab of processes on this machine is made of. What is left out has the default of the command line. */
export interface LabSettings {
  /** The path of the platform's `platform.yml`. Default: that of Spark, the platform that kanit brings along. */
  readonly platform?: string;
  /** Decides the market, the load and the faults. Default: 1. */
  readonly seed?: number;
  /** The path of a market recording, or of a folder of them. Default: the synthetic market of the seed. */
  readonly tape?: string;
  /** How fast a recording plays. Default: 1. */
  readonly tapeSpeed?: number;
  /** Variables that the platform is given besides those of its definition. Secrets among them are kept out of logs. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Completes the settings, once. @throws UsageError `bad-platform-definition` */
export async function completeSettings({
  platform: path = SPARK_DEFINITION,
  seed = 1,
  tape = "synthetic",
  tapeSpeed = 1,
  env = {},
}: LabSettings): Promise<Omit<LabOptions, "logDirectory" | "signal">> {
  const platform = await readPlatformDefinition(path);
  const secrets = runSecrets();
  secrets.registerVariables(platform.environment);
  secrets.registerVariables(env);
  const market: Market =
    tape === "synthetic" ? { kind: "synthetic" } : { kind: "recording", path: resolve(tape) };
  return {
    platform,
    market,
    tapeSpeed,
    seed,
    linkPorts: {},
    platformEnvironment: env,
    canary: null,
    stepsClock: false,
    secrets,
    // biome-ignore lint/style/noProcessEnv: called from another's program, this file is the edge.
    temporaryDirectory: labTemporaryDirectory(process.env),
  };
}
