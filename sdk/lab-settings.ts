import { readPlatformDefinition, SPARK_DEFINITION } from "../definition/index.ts";
import { type LabOptions, labTemporaryDirectory, readMarket } from "../lab/index.ts";
import { runSecrets } from "../runs/index.ts";

/** What a lab of processes on this machine is made of. What is left out has the default of the command line. */
export interface LabSettings {
  /** The path of the platform's `platform.yml`. Default: that of Spark, the platform that kanit brings along. */
  readonly platform?: string;
  /** Decides the market, the load and the faults. Default: 1. */
  readonly seed?: number;
  /** The paths of market recordings, or of folders of them. Default: the synthetic market of the seed. */
  readonly tape?: string | readonly string[];
  /** Files with depth snapshots, or the recordings before, for recordings that have none. */
  readonly snapshot?: string | readonly string[];
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
  snapshot = [],
  tapeSpeed = 1,
  env = {},
}: LabSettings): Promise<Omit<LabOptions, "logDirectory" | "signal">> {
  const platform = await readPlatformDefinition(path);
  const secrets = runSecrets();
  secrets.registerVariables(platform.environment);
  secrets.registerVariables(env);
  const market = await readMarket([tape].flat(), [snapshot].flat());
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
