import { type Command, InvalidArgumentError, Option } from "commander";
import { parseDurationMs, UsageError } from "../core/index.ts";
import { driverProgram } from "../lab/index.ts";
import { type LoadPlanInput, readRecordedArrivals, USUAL_OBJECTIVE } from "../load/index.ts";
import { allowedUrl } from "../network/index.ts";
import { tradingAmong, USUAL_ORDER_WEIGHTS } from "../venues/index.ts";
import { type LabChoice, pickLab, readyLabs, withLabChoice } from "./choose-lab.ts";
import type { Environment } from "./environment.ts";
import { checkInputFile } from "./input-file.ts";
import { collect, nonEmpty, positiveNumber, seed } from "./parse-arguments.ts";
import { readPlatform, withPlatformFlag } from "./platform-flag.ts";

/** The flags for the target of a load and its requests. */
export interface TargetFlags extends LabChoice {
  readonly url?: string;
  readonly allowHost: readonly string[];
  readonly path?: string;
  readonly platform: string;
  readonly symbol: string;
  readonly seed: number;
  readonly objectiveMs: number;
}

/** The flags for the rate of a load over time. */
export interface ArrivalFlags {
  readonly rate?: number;
  readonly ramp?: RatePair;
  readonly spike?: RatePair;
  readonly arrivals?: string;
  readonly for: number;
  readonly poisson?: true;
}

/** Two rates in operations per second, as in `10-500`. */
interface RatePair {
  readonly firstRps: number;
  readonly secondRps: number;
}

const GREATEST_OBJECTIVE_MS = 600_000;
const GREATEST_RATE_RPS = 100_000;
const LONGEST_LOAD_MS = 86_400_000;
const USUAL_RATE_RPS = 50;
const USUAL_DURATION = "30s";
const USUAL_DURATION_MS = 30_000;
/** The share of a spike's duration for its peak, in the middle. */
const PEAK_SHARE = 0.2;

/** Adds the flags of a target to a command. */
export function withTargetFlags(command: Command): Command {
  return withPlatformFlag(withLabChoice(command))
    .option("--url <url>", "the platform's address (default: the running lab)", nonEmpty)
    .option("--allow-host <name>", "allow this host, which is not this machine; repeatable", collect, [])
    .option("--path <path>", "one plain GET of this path instead of the order flow", nonEmpty)
    .option("--symbol <symbol>", "the instruments that the order flow trades", nonEmpty, "BTCUSDT")
    .option("--seed <n>", "determines the arrivals and the operations", seed, 1)
    .option(
      "--objective-ms <ms>",
      "the P95 objective, in milliseconds",
      positiveNumber(GREATEST_OBJECTIVE_MS),
      USUAL_OBJECTIVE.latencyMsP95,
    );
}

/** Adds the flags of arrivals to a command. */
export function withArrivalFlags(command: Command): Command {
  const shapes = ["rate", "ramp", "spike", "arrivals"];
  const shape = (flags: string, description: string) => {
    const option = new Option(flags, description);
    return option.conflicts(shapes.filter((name) => name !== option.attributeName()));
  };
  return command
    .addOption(
      shape("--rate <rps>", `operations per second (default: ${USUAL_RATE_RPS})`).argParser(
        positiveNumber(GREATEST_RATE_RPS),
      ),
    )
    .addOption(shape("--ramp <from-to>", "a rate that grows or falls: 10-500").argParser(ratePair))
    .addOption(
      shape("--spike <base-peak>", "a rate that jumps for the middle fifth: 50-500").argParser(ratePair),
    )
    .addOption(
      shape("--arrivals <file>", "recorded arrivals: docs/load.md has the format").argParser(nonEmpty),
    )
    .addOption(
      new Option("--for <duration>", `how long: 30s, 5m (a recording has its own length)`)
        .argParser(loadDuration)
        .default(USUAL_DURATION_MS, USUAL_DURATION)
        .conflicts("arrivals"),
    )
    .option("--poisson", "Poisson arrivals, as of independent users, instead of evenly spaced ones");
}

/**
 * Completes the flags for the target of a load and its requests.
 *
 * @throws RefusedError `host-not-allowed`; UsageError when there is neither an address nor one running lab.
 */
export async function completeTarget(
  flags: TargetFlags,
  environment: Environment,
): Promise<
  Pick<LoadPlanInput, "baseUrl" | "allowedHosts" | "api" | "driver" | "seed"> & {
    workload: NonNullable<LoadPlanInput["workload"]>;
  }
> {
  const target = {
    baseUrl: await baseUrl(flags, environment),
    allowedHosts: [...flags.allowHost],
    seed: flags.seed,
  };
  if (flags.path !== undefined) return { ...target, workload: { kind: "request", path: flags.path } };
  const platform = await readPlatform(flags.platform, environment);
  const { api, venues } = platform;
  const driver = await driverProgram(platform, {
    apiUrl: target.baseUrl,
    labDirectory: null,
    logDirectory: null,
    userEnvironment: {},
    secrets: environment.secrets,
  });
  const weights = tradingAmong(venues).map((venue) => [venue, USUAL_ORDER_WEIGHTS[venue]]);
  const workload = { kind: "order-flow", symbol: flags.symbol, venues: Object.fromEntries(weights) } as const;
  return { ...target, api, driver, workload };
}

async function baseUrl(flags: TargetFlags, environment: Environment): Promise<string> {
  if (flags.url === undefined) {
    return pickLab(await readyLabs(environment, flags), flags).addresses.api;
  }
  const url = new URL(allowedUrl(flags.url, ["http:", "https:"], flags.allowHost));
  if (url.pathname === "/" && url.search === "") return url.origin;
  throw new UsageError({
    code: "bad-url",
    message: `Expected an address without a path, got ${JSON.stringify(flags.url)}.`,
    nextStep: `Write: --url ${url.origin} --path ${url.pathname}${url.search}`,
  });
}

/**
 * Completes the flags for the rate of a load over time.
 *
 * @throws UsageError when a recording cannot be read.
 */
export async function completeArrivals(flags: ArrivalFlags): Promise<LoadPlanInput["arrivals"]> {
  const spacing = flags.poisson === true ? "poisson" : "even";
  const durationMs = flags.for;
  if (flags.arrivals !== undefined) {
    checkInputFile(flags.arrivals, "arrivals");
    return readRecordedArrivals(flags.arrivals, spacing);
  }
  if (flags.ramp !== undefined) {
    const { firstRps, secondRps } = flags.ramp;
    return { kind: "ramp", fromRps: firstRps, toRps: secondRps, durationMs, spacing };
  }
  if (flags.spike !== undefined) {
    const { firstRps, secondRps } = flags.spike;
    const peakMs = durationMs * PEAK_SHARE;
    const beforeMs = (durationMs - peakMs) / 2;
    return {
      kind: "spike",
      baseRps: firstRps,
      peakRps: secondRps,
      beforeMs,
      peakMs,
      afterMs: beforeMs,
      spacing,
    };
  }
  return { kind: "constant", rateRps: flags.rate ?? USUAL_RATE_RPS, durationMs, spacing };
}

function ratePair(text: string): RatePair {
  const [, first, second] = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (first === undefined || second === undefined)
    throw new InvalidArgumentError("Expected two rates: 10-500.");
  const rate = positiveNumber(GREATEST_RATE_RPS);
  return { firstRps: rate(first), secondRps: rate(second) };
}

function loadDuration(text: string): number {
  const durationMs = parseDurationMs(text);
  if (durationMs > 0 && durationMs <= LONGEST_LOAD_MS) return durationMs;
  throw new InvalidArgumentError("Expected a duration above 0, up to 24h.");
}
