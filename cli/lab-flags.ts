import { relative, resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type SecretRegistry, UsageError } from "../core/index.ts";
import { type PlatformDefinition, SPARK_DEFINITION } from "../definition/index.ts";
import { INSTALLATION, outDirectory } from "../installation/index.ts";
import {
  type CanaryOptions,
  CONTAINER_START_LIMIT_MS,
  LINK_NAMES,
  type LinkName,
  type Market,
  type ProxyEngine,
  RUNTIME_NAMES,
  type Runtime,
  type RuntimeName,
  readMarket,
  tradedSymbols,
} from "../lab/index.ts";
import type { Environment } from "./environment.ts";
import { checkInputFile } from "./input-file.ts";
import { makeOutputFolder } from "./output-folder.ts";
import { collect, nonEmpty, port, positiveNumber, seed } from "./parse-arguments.ts";
import { readPlatform, withPlatformFlag } from "./platform-flag.ts";

const GREATEST_TAPE_SPEED = 1_000;

const OUT = relative(process.cwd(), outDirectory(INSTALLATION, process.cwd()));

/** The flags that describe the lab to start, as commander parses them. */
export interface LabFlags {
  readonly runtime: RuntimeName;
  readonly tape: readonly string[];
  readonly snapshot: readonly string[];
  readonly tapeSpeed: number;
  readonly seed: number;
  readonly platform: string;
  readonly out?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly port: Readonly<Partial<Record<LinkName, number>>>;
}

/** The options of a lab, completed from the flags and the environment. */
export interface LabCommandOptions {
  readonly runtime: Runtime;
  readonly platform: PlatformDefinition;
  readonly market: Market;
  readonly tapeSpeed: number;
  readonly seed: number;
  readonly linkPorts: Partial<Record<LinkName, number>>;
  /** The folder of reports, evidence and logs. */
  readonly outDirectory: string;
  readonly platformEnvironment: Readonly<Record<string, string>>;
  /** Only `kanit up --canary` has one. */
  readonly canary: CanaryOptions | null;
  readonly secrets: SecretRegistry;
  /** No command but a run injects faults into the processes of its lab. */
  readonly stepsClock: false;
  /** The flags that repeat the command with the same lab. */
  readonly repeat: readonly string[];
}

/** Adds the flags of a lab to a command. */
export function withLabFlags(command: Command): Command {
  return withPlatformFlag(command)
    .addOption(
      new Option("--runtime <name>", "processes of this machine, or containers by Compose or testcontainers")
        .choices(RUNTIME_NAMES)
        .default("local"),
    )
    .option("--seed <n>", "determines the market, the load and the faults", seed, 1)
    .option(
      "--tape <file>",
      "a market recording, repeatable, or `synthetic` (default: $KANIT_TAPE, else synthetic)",
      collect,
      [],
    )
    .option(
      "--snapshot <file>",
      "the depth snapshot of a recording without one, or the recording before it; repeatable",
      collect,
      [],
    )
    .option("--tape-speed <factor>", "how fast the recording plays", positiveNumber(GREATEST_TAPE_SPEED), 1)
    .option(
      "--out <folder>",
      `the folder for reports and evidence (default: $KANIT_OUT, else ${OUT})`,
      nonEmpty,
    )
    .option("--env <name=value>", "an environment variable of the platform, repeatable", collectVariable, {})
    .option(
      "--port <link=port>",
      `the port of a link (${LINK_NAMES.join(", ")}), repeatable`,
      collectPort,
      {},
    );
}

/**
 * Completes the flags.
 *
 * @throws UsageError when the recording or the platform's definition cannot be read.
 */
export async function completeLabFlags(
  flags: LabFlags,
  environment: Environment,
): Promise<LabCommandOptions> {
  const tapes = flags.tape.length > 0 ? flags.tape : [environment.tapePath ?? "synthetic"];
  for (const path of [...tapes.filter((tape) => tape !== "synthetic"), ...flags.snapshot])
    checkInputFile(resolve(path), "tape");
  const platform = await readPlatform(flags.platform, environment);
  const market = await readMarket(tapes, flags.snapshot);
  // What the market cannot serve is refused before anything starts.
  tradedSymbols({ platform, market, platformEnvironment: flags.env });
  environment.secrets.registerVariables(flags.env);
  const variables = Object.entries(flags.env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  return {
    runtime: completeRuntime(flags.runtime, environment),
    platform,
    stepsClock: false,
    secrets: environment.secrets,
    market,
    tapeSpeed: flags.tapeSpeed,
    seed: flags.seed,
    linkPorts: flags.port,
    outDirectory: makeOutputFolder(flags.out ?? environment.outDirectory, "--out"),
    platformEnvironment: flags.env,
    canary: null,
    repeat: [
      ...(flags.runtime === "local" ? [] : ["--runtime", flags.runtime]),
      ...tapes.flatMap((tape) => ["--tape", tape]),
      ...flags.snapshot.flatMap((path) => ["--snapshot", path]),
      ...(flags.tapeSpeed === 1 ? [] : ["--tape-speed", String(flags.tapeSpeed)]),
      ...(flags.platform === SPARK_DEFINITION ? [] : ["--platform", flags.platform]),
      ...variables,
    ],
  };
}

function completeRuntime(name: RuntimeName, { docker }: Environment): Runtime {
  if (name === "local") return { name };
  return {
    name,
    docker: {
      environment: docker.variables,
      proxyEngine: readProxyEngine(docker.proxyEngine),
      platformImage: docker.platformImage,
      startLimitMs: CONTAINER_START_LIMIT_MS,
    },
  };
}

function readProxyEngine(text: string | null): ProxyEngine {
  if (text === null || text === "toxiproxy") return "toxiproxy";
  if (text === "kanit") return "kanit";
  throw new UsageError({
    code: "unknown-proxy-engine",
    message: `Expected KANIT_PROXY to be toxiproxy or kanit, got ${JSON.stringify(text)}.`,
    nextStep: "Omit it for Shopify's Toxiproxy.",
  });
}

function collectVariable(text: string, previous: LabFlags["env"]): LabFlags["env"] {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(text);
  if (match === null) throw new InvalidArgumentError("Expected NAME=value.");
  return { ...previous, [match[1] ?? ""]: match[2] ?? "" };
}

function collectPort(text: string, previous: LabFlags["port"]): LabFlags["port"] {
  const [, name, digits = ""] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const link = LINK_NAMES.find((known) => known === name);
  if (link === undefined) throw new InvalidArgumentError(`Known links are ${LINK_NAMES.join(", ")}.`);
  return { ...previous, [link]: port(digits) };
}
