import { Disposals } from "../core/index.ts";
import { canaryOf, type Lab, type LabAddresses, type LabCanary } from "../lab/index.ts";
import { type LoadPlanInput, startLoad } from "../load/index.ts";
import { type CanaryFlags, completeCanaryFlags } from "./canary-flags.ts";
import { type LabChoice, pickLab, readyLabs } from "./choose-lab.ts";
import type { CommandContext } from "./context.ts";
import { completeTarget } from "./load-flags.ts";
import { startGateLab } from "./open-target.ts";
import { readPlatform } from "./platform-flag.ts";

/** The flags that choose where a canary runs, and who uses the platform meanwhile. */
export interface WhereFlags extends LabChoice {
  readonly platform: string;
  /** What is different in the candidate of a lab that is started for it. */
  readonly candidate?: string;
  readonly load?: number;
}

/** Two arms that run, with users. */
export interface OpenedCanary extends AsyncDisposable {
  readonly name: string;
  readonly canary: LabCanary;
  readonly addresses: LabAddresses;
}

const USUAL_LOAD_RPS = 100;
const LONGEST_LOAD_MS = 24 * 3_600_000;

/**
 * Opens the running lab with a candidate, or starts one, and lets the order flow use it.
 *
 * @throws UsageError `no-canary`, `no-such-lab`.
 */
export async function openCanary(flags: WhereFlags, context: CommandContext): Promise<OpenedCanary> {
  await using opened = new Disposals();
  const running = await runningLab(flags, context);
  const lab = running ?? opened.use(await startCanaryLab(flags, context));
  const { addresses, id } = lab;
  const rateRps = flags.load ?? (running === null ? USUAL_LOAD_RPS : null);
  if (rateRps !== null) opened.use(await startLoad(await loadOn(addresses.api, rateRps, flags, context)));
  const canary = canaryOf(lab);
  const kept = opened.move();
  return {
    ...{ name: `lab ${id}`, canary, addresses },
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  };
}

async function runningLab(flags: WhereFlags, { environment }: CommandContext) {
  const labs = await readyLabs(environment, flags);
  if (flags.lab !== undefined) return pickLab(labs, flags);
  const withCanary = labs.filter(({ canary }) => canary !== null);
  return withCanary.length === 0 ? null : pickLab(withCanary, flags);
}

async function startCanaryLab(flags: WhereFlags, context: CommandContext): Promise<Lab> {
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
