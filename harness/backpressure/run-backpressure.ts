import { type Fault, injectFault } from "../../chaos/index.ts";
import { type Clock, Disposals, steadyClock } from "../../core/index.ts";
import type { PlatformDefinition } from "../../definition/index.ts";
import type { BackpressureOutcome, BackpressureRecord, StepRecord } from "../../evidence/index.ts";
import { faultContextOf, type Lab } from "../../lab/index.ts";
import type { LoadObjective } from "../../load/index.ts";
import type { RuleGroup } from "../../signals/index.ts";
import type { DrillLoad } from "../drill/condition.ts";
import { environmentRecord } from "../experiment/environment-record.ts";
import { LabSupply } from "../experiment/lab-supply.ts";
import { openRunLease } from "../experiment/run-lease.ts";
import type { BackpressureListener, BackpressureOpening } from "./backpressure-event.ts";
import { type HoldContext, holdRate } from "./hold-rate.ts";
import { judgeBackpressure } from "./judge-backpressure.ts";
import { nameLimit } from "./name-limit.ts";
import { ResourceWatch } from "./resource-watch.ts";
import { triggerRegions } from "./trigger-region.ts";

export interface BackpressureOptions {
  readonly runId: string;
  readonly command: string;
  readonly seed: number;
  readonly platform: PlatformDefinition;
  readonly cores: number;
  /** Tried one after the other, lowest first. */
  readonly ratesRps: readonly number[];
  readonly stepMs: number;
  readonly objective: LoadObjective;
  readonly mustHoldRps: number | null;
  readonly workload: DrillLoad["workload"];
  /** What is done to the lab before the first rate. */
  readonly faults: readonly Fault[];
  readonly groups: readonly RuleGroup[];
  readonly startLab: () => Promise<Lab>;
  readonly clock: Clock;
  readonly listener: BackpressureListener;
  /** Called with errors outside the search. */
  readonly onProblem: (problem: string) => void;
  readonly signal: AbortSignal;
}

/** Caches fill and code is compiled before anything is measured. */
const WARM_UP_RPS = 10;
const WARM_UP_MS = 1_000;
/** Rules are only read for their thresholds here, so no time in them is divided. */
const UNCOMPRESSED = 1;
/** One bad step proves nothing; a second one does. */
const BROKEN_TO_BELIEVE = 2;
/** A disturbed step says nothing, and is repeated. */
const MOST_ATTEMPTS = 4;

/**
 * Raises the rate step by step until the objective breaks, and names the cause. A rate that breaks it is
 * repeated once, because one break may be chance; so is a rate that could not be measured.
 *
 * @throws KanitError when the lab does not start or a fault cannot be injected.
 */
export async function runBackpressure(options: BackpressureOptions): Promise<BackpressureRecord> {
  const { clock, listener, ratesRps, onProblem } = options;
  const opening: BackpressureOpening = {
    runId: options.runId,
    title: `backpressure of ${options.platform.name}`,
    command: options.command,
    seed: options.seed,
    platform: options.platform.name,
    startedAt: new Date(clock.nowMs()).toISOString(),
    cores: options.cores,
    objective: options.objective,
    mustHoldRps: options.mustHoldRps,
    regions: triggerRegions(options.groups),
  };
  listener({ kind: "backpressure.started", ...opening, ratesRps });
  const onReady = (labId: string, tookMs: number) =>
    listener({ kind: "backpressure.lab.ready", labId, tookMs });
  await using labs = new LabSupply({ ...options, onReady, keepLab: null });
  const lab = await labs.get(null);
  const environment = await environmentRecord(lab, UNCOMPRESSED);
  listener({ kind: "backpressure.environment", environment });
  const concluded: BackpressureRecord[] = [];
  try {
    await climb(lab, options, ({ planted, steps, outcome }) => {
      const heldRps = steps.findLast(({ finding }) => finding.kind === "held")?.rateRps ?? null;
      const { verdict, why } = judgeBackpressure(outcome, heldRps, options.mustHoldRps);
      const endedAt = new Date(clock.nowMs()).toISOString();
      const conclusion = { verdict, why, endedAt, steps, heldRps, outcome };
      listener({ kind: "backpressure.ended", ...conclusion });
      concluded.push({ schema: "kanit.backpressure/2", ...opening, environment, planted, ...conclusion });
    });
  } catch (error) {
    if (concluded.length === 0) throw error;
    // It was decided, and failed while it cleaned up.
    onProblem(`Expected to clean up the search's lab, got: ${reasonOf(error)}`);
  }
  const [record] = concluded;
  if (record === undefined) throw new TypeError("Expected the search to have a result, got none.");
  return record;
}

interface Climb {
  readonly planted: readonly string[];
  readonly steps: readonly StepRecord[];
  readonly outcome: BackpressureOutcome;
}

/** Tries the rates and concludes, while the lab is still as the last rate left it. */
async function climb(
  lab: Lab,
  options: BackpressureOptions,
  conclude: (climb: Climb) => void,
): Promise<void> {
  const { seed, listener, faults } = options;
  await lab.reset(seed);
  await using lease = await openRunLease(lab.proxy, "backpressure", seed);
  await using stack = new Disposals();
  const planted: string[] = [];
  for (const fault of faults) {
    planted.push(stack.use(await injectFault(fault, faultContextOf(lab, lease.proxy))).label);
  }
  if (planted.length > 0) listener({ kind: "backpressure.planted", planted });
  await using watch = new ResourceWatch(lab.addresses, options.platform, steadyClock);
  const steps: StepRecord[] = [];
  const outcome = await tryRates({ ...options, lab, watch }, options, steps);
  conclude({ planted, steps, outcome });
}

/** Holds one rate after the other, and adds each to `steps`. */
async function tryRates(
  context: HoldContext,
  options: BackpressureOptions,
  steps: StepRecord[],
): Promise<BackpressureOutcome> {
  const { listener, signal, ratesRps } = options;
  try {
    await holdRate(WARM_UP_RPS, { ...context, stepMs: WARM_UP_MS });
    for (const rateRps of ratesRps) {
      const step = await holdUntilDecided(rateRps, context, listener);
      steps.push(step);
      const { finding } = step;
      if (finding.kind === "undecided") return { kind: "undecided", why: finding.why };
      if (finding.kind === "broken") return { kind: "limited", rateRps, limit: nameLimit(step, options) };
    }
  } catch (error) {
    const why = signal.aborted ? "It was interrupted." : `It stopped with an error: ${reasonOf(error)}`;
    return { kind: "undecided", why };
  }
  return { kind: "unlimited", rateRps: steps.at(-1)?.rateRps ?? 0 };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function holdUntilDecided(
  rateRps: number,
  context: HoldContext,
  listener: BackpressureListener,
): Promise<StepRecord> {
  let broken = 0;
  for (let attempt = 1; ; attempt++) {
    listener({ kind: "backpressure.step.started", rateRps, attempt });
    const step = await holdRate(rateRps, context);
    listener({ kind: "backpressure.step.ended", step, attempt });
    if (step.finding.kind === "broken") broken += 1;
    if (step.finding.kind === "held" || broken === BROKEN_TO_BELIEVE) return step;
    if (attempt === MOST_ATTEMPTS) return undecided(step, step.finding.why);
  }
}

/** One break alone is not conclusive. */
function undecided(step: StepRecord, why: string): StepRecord {
  return {
    ...step,
    finding: { kind: "undecided", why: `${why} ${MOST_ATTEMPTS} attempts gave no clear result.` },
  };
}
