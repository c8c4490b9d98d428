import { type Clock, steadyClock } from "../../core/index.ts";
import type { PlatformDefinition } from "../../definition/index.ts";
import type { StepFinding, StepRecord } from "../../evidence/index.ts";
import type { Lab } from "../../lab/index.ts";
import {
  judgeLoad,
  type LoadObjective,
  type LoadResult,
  type Operation,
  reportOf,
  startLoad,
} from "../../load/index.ts";
import { isContended, MachineWatch } from "../../machine/index.ts";
import type { DrillLoad } from "../drill/condition.ts";
import { tradedWorkload } from "../experiment/traded-workload.ts";
import { GENERATOR_LAG_LIMIT_MS_P99 } from "../judging/judge-generator.ts";
import { describeGaps, type RunnerGap, RunnerWatch } from "../observation/runner-watch.ts";
import type { ResourceWatch } from "./resource-watch.ts";

export interface HoldContext {
  readonly lab: Lab;
  readonly platform: PlatformDefinition;
  readonly workload: DrillLoad["workload"];
  readonly watch: ResourceWatch;
  readonly objective: LoadObjective;
  /** How long a rate is applied. */
  readonly stepMs: number;
  readonly seed: number;
  /** The machine's clock, with which the runner watches itself. */
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Applies a rate for some time, waits for operations in flight, and returns what clients and resources
 * measured.
 *
 * @throws the signal's reason when it is aborted.
 */
export async function holdRate(rateRps: number, context: HoldContext): Promise<StepRecord> {
  const { lab, workload, watch, stepMs, seed, signal, objective } = context;
  const clock = steadyClock;
  signal.throwIfAborted();
  using runner = new RunnerWatch(context.clock, lab.powers);
  // In a lab in containers the processes are not the runner's children, and would be counted as others.
  using machine = lab.runtime === "local" ? new MachineWatch(process.pid) : null;
  await using load = await startLoad({
    baseUrl: lab.addresses.api,
    api: context.platform.api,
    driver: await lab.driver(),
    seed,
    arrivals: { kind: "constant", rateRps, durationMs: stepMs, spacing: "even" },
    maxLagMsP99: GENERATOR_LAG_LIMIT_MS_P99,
    workload: tradedWorkload(workload, lab),
  });
  await clock.sleep(load.startedAtEpochMs + stepMs - clock.nowMs(), signal);
  const heldMs = clock.nowMs() - load.startedAtEpochMs;
  await load.settle();
  const result = await load.stop();
  const { p50, p95, p99, max } = result.totals.latencyMs;
  const answered = result.operations.filter((operation) => isAnswered(operation, heldMs)).length;
  const fromMs = load.startedAtEpochMs;
  const held = watch.read({ fromMs, toMs: fromMs + heldMs, operations: answered });
  const resources =
    held.cpuCores === null
      ? await watch.readUntilNow({ fromMs, operations: result.operations.filter(wasAnswered).length })
      : held;
  const machineLoad = machine?.load() ?? { kind: "unknown" };
  const contended = isContended(machineLoad);
  return {
    rateRps,
    achievedRps: (answered * 1_000) / heldMs,
    operations: result.totals.operations,
    errorRatio: result.totals.errorRatio,
    latencyMs: { p50, p95, p99, max, mean: meanLatencyMs(result.operations) },
    lagMsP99: result.generator.lagMs.p99,
    resources,
    machineFullShare: machineLoad.kind === "measured" ? machineLoad.fullShare : null,
    finding: judgeStep(result, objective, contended, runner.gaps()),
  };
}

/**
 * A rate at which the objective held is valid whatever else used the machine; a rate at which it broke may be
 * the fault of other programs.
 */
function judgeStep(
  result: LoadResult,
  objective: LoadObjective,
  contended: boolean,
  gaps: readonly RunnerGap[],
): StepFinding {
  const gap = describeGaps(gaps);
  if (gap !== null) return { kind: "undecided", why: `It could not be measured: ${gap}.` };
  const { verdict, reasons } = judgeLoad(reportOf(result), objective);
  const why = reasons.join(" ");
  switch (verdict) {
    case "pass":
      return { kind: "held" };
    case "inconclusive":
      return { kind: "undecided", why };
    case "fail":
      return contended
        ? { kind: "undecided", why: `${why} Other programs used the machine's CPU during that time.` }
        : { kind: "broken", why };
  }
}

function isAnswered(operation: Operation, untilMs: number): boolean {
  return wasAnswered(operation) && operation.endedAtMs <= untilMs;
}

function wasAnswered({ outcome }: Operation): boolean {
  return outcome !== "dropped" && outcome !== "unknown";
}

function meanLatencyMs(operations: readonly Operation[]): number | null {
  const sent = operations.filter(({ outcome }) => outcome !== "dropped");
  if (sent.length === 0) return null;
  return sent.reduce((sum, { plannedAtMs, endedAtMs }) => sum + endedAtMs - plannedAtMs, 0) / sent.length;
}
