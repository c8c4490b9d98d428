import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { Disposals, systemClock } from "../core/index.ts";
import { readReleaseDefinition } from "../definition/index.ts";
import {
  type Gate,
  type LabMonitorOptions,
  labTarget,
  NO_PARTS,
  releaseTarget,
  startLabMonitor,
  type Target,
  type TargetField,
  tryWalArchive,
} from "../gates/index.ts";
import { INSTALLATION } from "../installation/index.ts";
import {
  type CanaryOptions,
  type Lab,
  type LabAddresses,
  type LabCanary,
  openStateDirectory,
  RemotePowers,
  startLab,
} from "../lab/index.ts";
import { ALL_RULE_FILES, loadRuleFiles } from "../signals/index.ts";
import { sameCandidate } from "./canary-flags.ts";
import { type LabChoice, pickLab, type ReadyLab, readyLabs } from "./choose-lab.ts";
import type { CommandContext } from "./context.ts";
import { checkInputFile } from "./input-file.ts";
import { collect, nonEmpty } from "./parse-arguments.ts";
import { readPlatform, withPlatformFlag } from "./platform-flag.ts";
import { openReleaseCanary } from "./release-canary.ts";
import { type ArchiveFlags, withArchiveFlag } from "./release-flags.ts";

const USUAL_FILE = "release.yml";

/** The flags that name what a gate examines. */
export interface TargetFlags extends LabChoice, ArchiveFlags {
  readonly releaseFile?: string;
  readonly keys: readonly string[];
  readonly platform: string;
}

/** Adds the flags to a command. */
export function withTargetFlags(command: Command): Command {
  return withArchiveFlag(withPlatformFlag(command))
    .option(
      "--release-file <file>",
      `what is released (default: ${USUAL_FILE} where there is one, else a lab of this machine)`,
      nonEmpty,
    )
    .option("--lab <id>", "a running lab in place of a release file")
    .option(
      "--keys <path>",
      "public keys of those who may sign, from elsewhere than the archive; repeatable",
      collect,
      [],
    );
}

/** What a gate examines, for as long as it runs. */
export interface OpenedTarget extends AsyncDisposable {
  readonly target: Target;
}

/**
 * Opens what the flags name: a release file, a running lab, or a lab that is started for the gate.
 *
 * @throws UsageError, UnavailableError.
 */
export async function openTarget(
  release: string,
  flags: TargetFlags,
  context: CommandContext,
  watching: MonitorWatching | null = null,
  needs: TargetNeeds = { canary: false, lab: false, versions: false },
): Promise<OpenedTarget> {
  const { environment, output } = context;
  const file =
    flags.releaseFile ?? (flags.lab === undefined && existsSync(USUAL_FILE) ? USUAL_FILE : undefined);
  if (file !== undefined) return openReleaseFile(file, release, flags, context, needs);
  const labs = await readyLabs(environment, { ...flags, runtime: "local" });
  if (flags.lab !== undefined || labs.length === 1) {
    const picked = pickLab(labs, flags);
    const { id, canary } = picked;
    const addresses = watching?.arm === "candidate" ? candidateAddresses(picked) : picked.addresses;
    const running = { id, addresses, canary, [Symbol.asyncDispose]: () => Promise.resolve() };
    const opened = await openLab(release, running, flags, context, repositoryHere(), watching);
    return addresses === picked.addresses ? opened : asCandidate(opened);
  }
  output.status("starting a lab for the gate …");
  const canary = needs.canary ? sameCandidate(await readPlatform(flags.platform, environment)) : null;
  const started = await startGateLab(flags, context, canary);
  return openLab(release, started, flags, context, repositoryHere(), watching);
}

/** What a gate needs besides what a release file describes. */
interface TargetNeeds {
  /** Two versions side by side. */
  readonly canary: boolean;
  /** A lab for experiments that write. */
  readonly lab: boolean;
  /** A lab with the version before and the new one. */
  readonly versions: boolean;
}

/** Opens a release file, with a lab of its platform where experiments are to be made and it names one. */
async function openReleaseFile(
  file: string,
  release: string,
  flags: TargetFlags,
  context: CommandContext,
  needs: TargetNeeds,
): Promise<OpenedTarget> {
  const { environment, output } = context;
  checkInputFile(file, "release");
  const definition = await readReleaseDefinition(file, environment.variable);
  const described = releaseTarget(release, definition, environment.user);
  await using opened = new Disposals();
  const canary = opened.use(await openReleaseCanary(definition, context));
  const target = {
    ...described,
    keyPaths: [...described.keyPaths, ...flags.keys],
    parts: { ...described.parts, canary: canary.part },
  };
  registerTarget(target, context);
  const parts = { ...target.parts };
  if (needs.lab && definition.lab !== null) {
    output.status("starting a lab for experiments …");
    parts.lab = opened.use(await startGateLab({ platform: definition.lab.platform }, context)).addresses;
  }
  if (needs.versions && definition.lab?.previous != null) {
    output.status("starting a lab with both versions …");
    const versions = await openVersions(release, definition.lab.previous, definition.lab.platform, context);
    parts.oldCode = opened.use(versions).target.parts.oldCode;
  }
  const kept = opened.move();
  return { target: { ...target, parts }, [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose]() };
}

/** Opens a lab in which the version before stands beside the new one, on the new one's database. */
async function openVersions(
  release: string,
  previous: string,
  platform: string,
  context: CommandContext,
): Promise<OpenedTarget> {
  const [stable, candidate] = await Promise.all([
    readPlatform(previous, context.environment),
    readPlatform(platform, context.environment),
  ]);
  const canary = { ...sameCandidate(stable), candidate, difference: platform };
  const started = await startGateLab({ platform: previous }, context, canary);
  return openLab(release, started, { platform: previous, keys: [] }, context);
}

/** The addresses of a lab with those of the candidate's platform, where there is one beside the stable. */
function candidateAddresses({ addresses, canary }: ReadyLab): LabAddresses {
  const [platform, metrics] = [canary?.candidate.urls[0], canary?.candidate.metrics[0]];
  return platform === undefined || metrics === undefined ? addresses : { ...addresses, platform, metrics };
}

function asCandidate({ target, ...opened }: OpenedTarget): OpenedTarget {
  return { ...opened, target: { ...target, name: `${target.name}, candidate` } };
}

/** What is found in folders, so that nothing has to run. */
const IN_FOLDERS: ReadonlySet<TargetField> = new Set(["artifacts", "evidence", "approvals", "repository"]);

/** Opens what a gate needs: no lab is started for one that looks at files only. */
export async function openTargetFor(
  { checks }: Gate,
  release: string,
  flags: TargetFlags,
  context: CommandContext,
): Promise<OpenedTarget> {
  const needsMore = checks.some(({ needs }) => needs.some((field) => !IN_FOLDERS.has(field)));
  if (needsMore || flags.releaseFile !== undefined || existsSync(USUAL_FILE)) {
    const needsLab = checks.some(({ needs }) => needs.includes("lab"));
    return openTarget(release, flags, context, null, {
      ...{ canary: needsCanary(checks), lab: needsLab },
      versions: checks.some(({ needs }) => needs.includes("oldCode")),
    });
  }
  const directory = repositoryHere();
  const target: Target = {
    ...{ release, name: directory, kind: "lab", deployer: context.environment.user },
    ...{ keyPaths: flags.keys, allowedHosts: [] },
    parts: { ...NO_PARTS, repository: { directory, tag: "not-needed" } },
  };
  return { target, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** Whether a check looks at two versions side by side. */
export function needsCanary(checks: Gate["checks"]): boolean {
  return checks.some(({ needs }) =>
    ["canary", "killSwitch", "oldCode"].some((part) => needs.some((need) => need === part)),
  );
}

/** Starts a lab for a gate or a drill, with a candidate beside the platform where one is named. */
export async function startGateLab(
  flags: Pick<TargetFlags, "platform">,
  { environment, signal }: CommandContext,
  canary: CanaryOptions | null = null,
): Promise<Lab> {
  const { secrets, temporaryDirectory } = environment;
  const platform = await readPlatform(flags.platform, environment);
  return startLab(
    { name: "local" },
    {
      platform,
      market: { kind: "synthetic" },
      tapeSpeed: 1,
      seed: 1,
      linkPorts: {},
      platformEnvironment: {},
      canary,
      stepsClock: false,
      secrets,
      logDirectory: null,
      temporaryDirectory,
      signal,
    },
  );
}

/** What the monitor of a lab watches besides its targets, and how fast its time goes. */
export interface MonitorWatching extends Pick<LabMonitorOptions, "timeScale" | "triggers"> {
  /** Which platform of a lab with two of them is looked at; the other labs have one. */
  readonly arm: "stable" | "candidate";
}

/** All twenty triggers, in real time. */
async function watchingAll(): Promise<MonitorWatching> {
  return { timeScale: 1, triggers: await loadRuleFiles(ALL_RULE_FILES), arm: "stable" };
}

interface LabToOpen extends AsyncDisposable {
  readonly id: string;
  readonly addresses: LabAddresses;
  readonly canary: LabCanary | null;
}

/** Opens a lab as a target, with a monitor of its own. */
export async function openLab(
  release: string,
  lab: LabToOpen,
  flags: Pick<TargetFlags, "platform" | "keys">,
  { environment, signal }: CommandContext,
  repository = repositoryHere(),
  watching: MonitorWatching | null = null,
): Promise<OpenedTarget> {
  await using opened = new Disposals();
  opened.use(lab);
  const { addresses, id, canary } = lab;
  const { timeScale, triggers } = watching ?? (await watchingAll());
  const monitor = opened.use(
    await startLabMonitor({ addresses, moved: {}, clock: systemClock, timeScale, triggers }),
  );
  await tryWalArchive(addresses.databaseUrl, signal);
  const platform = await readPlatform(flags.platform, environment);
  const deployer = environment.user;
  const { labs } = await openStateDirectory(environment.temporaryDirectory);
  const powers = new RemotePowers(labs, id);
  const target = labTarget({
    release,
    id,
    addresses,
    canary,
    restart: async (process) => {
      await powers.kill(process, 0);
    },
    platform,
    monitorUrl: monitor.url,
    repository,
    deployer,
    logDirectory: join(labs, id, "logs"),
  });
  const kept = opened.move();
  return {
    target: { ...target, keyPaths: flags.keys },
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  };
}

/** A checkout of kanit is itself what is released; a package's user releases the current folder. */
export function repositoryHere(): string {
  return INSTALLATION.kind === "checkout" ? INSTALLATION.directory : process.cwd();
}

function registerTarget({ parts }: Target, { environment }: CommandContext): void {
  const { database, pgbouncer, prometheus, alertmanager } = parts;
  for (const address of [database, pgbouncer?.console, prometheus?.url, alertmanager]) {
    if (address !== null && address !== undefined) environment.secrets.registerUrl(address);
  }
}
