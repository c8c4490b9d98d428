import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Disposals, systemClock, UsageError } from "../core/index.ts";
import { type ReleaseDefinition, readReleaseDefinition } from "../definition/index.ts";
import {
  type CanaryArms,
  haproxyTraffic,
  openRequestMeter,
  releaseArms,
  releaseTraffic,
  type TrafficSplit,
  type WatchedTriggers,
  watchAmounts,
  watchHeaders,
} from "../gates/index.ts";
import { compareFills } from "../harness/index.ts";
import { canaryOf, haproxyArmsOf, type LabAddresses, type LabCanary } from "../lab/index.ts";
import { type LoadPlanInput, startLoad } from "../load/index.ts";
import { pgbouncerSource, postgresSource, type Source } from "../signals/index.ts";
import { type CanaryFlags, completeCanaryFlags } from "./canary-flags.ts";
import { type LabChoice, pickLab, readyLabs } from "./choose-lab.ts";
import type { CommandContext } from "./context.ts";
import { checkInputFile } from "./input-file.ts";
import { completeTarget } from "./load-flags.ts";
import { type OpenedTarget, openLab, openTarget, startGateLab } from "./open-target.ts";
import { readPlatform } from "./platform-flag.ts";

const USUAL_FILE = "release.yml";

/** The flags that choose where a canary runs, and who uses the platform meanwhile. */
export interface WhereFlags extends LabChoice {
  readonly releaseFile?: string;
  readonly platform: string;
  /** What is different in the candidate of a lab that is started for it. */
  readonly candidate?: string;
  readonly load?: number;
}

/** Two arms that run, what splits the traffic between them, and users. */
export interface OpenedCanary extends AsyncDisposable {
  readonly name: string;
  readonly arms: CanaryArms;
  /** What both arms share and the triggers need. */
  readonly shared: readonly Source[];
  /** What is watched besides the triggers: what no metric shows. */
  readonly watches: readonly WatchedTriggers[];
  readonly allowedHosts: readonly string[];
  readonly traffic: TrafficSplit;
  /** The flags by which another command finds it. */
  readonly targetWords: readonly string[];
  /** Opens it as what a rollback acts on. */
  readonly openTarget: (release: string) => Promise<OpenedTarget>;
}

const USUAL_LOAD_RPS = 100;
const LONGEST_LOAD_MS = 24 * 3_600_000;
const MANUAL = { clock: systemClock, intervalMs: 5_000, longestMs: 1_800_000 } as const;

/**
 * Opens the canary of a release file, of the running lab with a candidate, or of a lab that is started for it.
 *
 * @throws UsageError `no-canary`, `no-such-lab`.
 */
export async function openCanary(flags: WhereFlags, context: CommandContext): Promise<OpenedCanary> {
  const file =
    flags.releaseFile ?? (flags.lab === undefined && existsSync(USUAL_FILE) ? USUAL_FILE : undefined);
  return file === undefined ? openLabCanary(flags, context) : openReleaseCanary(file, flags, context);
}

async function openReleaseCanary(
  file: string,
  flags: WhereFlags,
  context: CommandContext,
): Promise<OpenedCanary> {
  const { environment, output } = context;
  checkInputFile(file, "release");
  const definition = await readReleaseDefinition(file, environment.variable);
  const { canary, allowHosts: allowedHosts, directory } = definition;
  const arms = releaseArms(definition);
  if (canary === null || arms === null) throw noSection(file);
  const meter = await openRequestMeter(arms, { allowedHosts, clock: systemClock });
  const measure = async (signal: AbortSignal) => {
    const measured = await meter.read(signal);
    return measured.kind === "measured" ? measured.requests : null;
  };
  const manual = { ...MANUAL, measure, ask: (text: string) => output.line(text) };
  return {
    ...{ name: dirname(resolve(file)), arms, allowedHosts, shared: sharedOf(definition, context) },
    watches: [watchPages(canary.stable.url, canary.candidate.url, allowedHosts)],
    targetWords: ["--release-file", resolve(file)],
    traffic: releaseTraffic(canary.traffic, { directory, allowedHosts, manual }),
    openTarget: (release) => openTarget(release, { ...flags, releaseFile: file, keys: [] }, context),
    [Symbol.asyncDispose]: () => meter[Symbol.asyncDispose](),
  };
}

function sharedOf(
  { database, pgbouncer }: ReleaseDefinition,
  { environment }: CommandContext,
): readonly Source[] {
  for (const address of [database, pgbouncer?.console]) {
    if (address !== null && address !== undefined) environment.secrets.registerUrl(address);
  }
  return [
    ...(pgbouncer === null
      ? []
      : [pgbouncerSource({ name: "pgbouncer", connectionString: pgbouncer.console })]),
    ...(database === null ? [] : [postgresSource({ name: "postgres", connectionString: database })]),
  ];
}

async function openLabCanary(flags: WhereFlags, context: CommandContext): Promise<OpenedCanary> {
  await using opened = new Disposals();
  const running = await runningLab(flags, context);
  const lab = running ?? opened.use(await startCanaryLab(flags, context));
  const { addresses, id } = lab;
  const rateRps = flags.load ?? (running === null ? USUAL_LOAD_RPS : null);
  if (rateRps !== null) opened.use(await startLoad(await loadOn(addresses.api, rateRps, flags, context)));
  const canary = canaryOf(lab);
  const [stable = "", candidate = ""] = [canary.stable.urls[0], canary.candidate.urls[0]];
  const platform = await readPlatform(flags.platform, context.environment);
  const watches = [
    watchPages(stable, candidate, []),
    await watchAmounts(() => compareFills(addresses, platform), systemClock),
  ];
  const kept = opened.move();
  return {
    ...{ name: `lab ${id}`, arms: armsOf(canary), allowedHosts: [], shared: labSources(addresses) },
    watches,
    targetWords: ["--lab", id],
    traffic: haproxyTraffic(haproxyArmsOf(canary)),
    // The lab goes on when the target is closed.
    openTarget: (release) =>
      openLab(
        release,
        { id, addresses, canary, [Symbol.asyncDispose]: () => Promise.resolve() },
        { platform: flags.platform, keys: [] },
        context,
      ),
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  };
}

function watchPages(stable: string, candidate: string, allowedHosts: readonly string[]): WatchedTriggers {
  const pages = { stable: new URL(stable), candidate: new URL(candidate) };
  return watchHeaders({ pages, allowedHosts, clock: systemClock });
}

function armsOf({ stable, candidate }: LabCanary): CanaryArms {
  const pagesOf = ({ metrics }: LabCanary["stable"]) =>
    ({ kind: "scrape", metricsUrls: metrics.map((each) => new URL(each)) }) as const;
  return { stable: pagesOf(stable), candidate: pagesOf(candidate) };
}

function labSources({ poolerAdminUrl, databaseUrl }: LabAddresses): readonly Source[] {
  return [
    pgbouncerSource({ name: "pgbouncer", connectionString: poolerAdminUrl }),
    postgresSource({ name: "postgres", connectionString: databaseUrl }),
  ];
}

async function runningLab(flags: WhereFlags, { environment }: CommandContext) {
  const labs = await readyLabs(environment, flags);
  if (flags.lab !== undefined) return pickLab(labs, flags);
  const withCanary = labs.filter(({ canary }) => canary !== null);
  return withCanary.length === 0 ? null : pickLab(withCanary, flags);
}

async function startCanaryLab(flags: WhereFlags, context: CommandContext) {
  const { environment, output } = context;
  const candidate: CanaryFlags = { canary: flags.candidate ?? true, canaryShare: 0, canaryClients: "spread" };
  output.status("starting a lab with a candidate …");
  const stable = await readPlatform(flags.platform, environment);
  return startGateLab(flags, context, await completeCanaryFlags(candidate, stable, environment));
}

async function loadOn(
  url: string,
  rateRps: number,
  { platform }: WhereFlags,
  { environment }: CommandContext,
): Promise<LoadPlanInput> {
  const flags = { url, allowHost: [], platform, symbol: "BTCUSDT", seed: 1, objectiveMs: 200 };
  const target = await completeTarget(flags, environment);
  return {
    ...target,
    arrivals: { kind: "constant", rateRps, durationMs: LONGEST_LOAD_MS, spacing: "poisson" },
  };
}

function noSection(file: string): UsageError {
  return new UsageError({
    code: "no-canary",
    message: `Expected the section canary in ${file}, got none.`,
    nextStep: "docs/canary-traffic.md shows how traffic is split.",
  });
}
