import { formatDuration } from "../../core/index.ts";
import {
  type CanaryArmRecord,
  type CanaryRecord,
  type CanarySignalRecord,
  type CanaryStagePlanRecord,
  type CanaryStageRecord,
  canaryFactor,
  canaryValue,
} from "../../evidence/index.ts";
import { CANARY_SIGNALS } from "./judge/canary-signal.ts";
import { sampleNameOf } from "./judge/growth-value.ts";
import { logThresholdOf, neededInStage } from "./judge/stage-state.ts";
import type { CanaryPlan, CanaryStage } from "./plan/canary-plan.ts";

/** The stages with the samples that each signal needs. */
export function plannedStages(plan: CanaryPlan): readonly CanaryStagePlanRecord[] {
  return plan.stages.map((stage) => ({ ...stage, needed: neededRecords(plan, stage) }));
}

function neededRecords(plan: CanaryPlan, stage: CanaryStage): CanaryStagePlanRecord["needed"] {
  const needed = neededInStage(plan, stage);
  return CANARY_SIGNALS.map((signal) => ({
    signal: signal.id,
    samples: needed[signal.id] ?? 0,
    of: sampleNameOf(signal),
  }));
}

/** The plan, as it is printed before anything begins. */
export function planLines(plan: CanaryPlan, timeScale: number): readonly string[] {
  const lasts = (ms: number) => formatDuration(Math.round(ms / timeScale));
  const { critical, whenInconclusive, falseAlarmRate } = plan;
  return [
    `${plan.stages.length} stages, a look every ${lasts(plan.lookMs)}, the first ${lasts(plan.settleMs)} of a stage not judged` +
      (timeScale === 1
        ? ""
        : `; a rehearsal at ${timeScale} to 1 that needs ${Number((100 * plan.rehearsedPart).toPrecision(2))} % of the samples`),
    ...plannedStages(plan).flatMap((stage) => [
      `stage ${stage.name.padStart(3)} %  ${lasts(stage.durationMs)}, at most ${lasts(stage.longestMs)}; needs of the candidate ` +
        `${requestsNeeded(stage)} requests (${rateText(requestsNeeded(stage), stage, plan, timeScale)})`,
      ...stage.needed.map(({ signal, samples, of }) => `             ${signal.padEnd(22)} ${samples} ${of}`),
    ]),
    `a test decides at 10^${(logThresholdOf(plan) / Math.LN10).toFixed(1)}, so that all of them together roll back at most ` +
      `${100 * falseAlarmRate} % of sound releases, although they look again and again`,
    `rolls back at once: a trigger that fires, ${critical.join(", ")}; the other signals at the end of their stage`,
    `inconclusive at the longest wait: ${whenInconclusive === "hold" ? "the share stays and the canary ends" : "rolls back"}`,
  ];
}

function requestsNeeded({ needed }: CanaryStagePlanRecord): number {
  return Math.max(...needed.filter(({ of }) => of === "requests").map(({ samples }) => samples));
}

function rateText(
  requests: number,
  { sharePercent, durationMs }: CanaryStagePlanRecord,
  { settleMs }: CanaryPlan,
  timeScale: number,
): string {
  const seconds = (durationMs - settleMs) / timeScale / 1_000;
  const rate = requests / seconds / (sharePercent / 100);
  return `${Number(rate.toPrecision(2))} a second over both arms to be there in time`;
}

/** A stage's verdicts, with everything that each was made of. */
export function stageText(record: CanaryRecord, stage: CanaryStageRecord): string {
  const { share, signals } = stage;
  const lines = [
    `# ${record.release}, canary at ${stage.name} %, ${stage.startedAt} to ${stage.endedAt ?? "now"}, ${stage.looks} looks`,
    ...(share === null ? [] : [`${share.verdict.padEnd(12)} share: ${share.reason} (${shareText(share)})`]),
    ...signals.flatMap(signalLines),
    ...record.decisions
      .filter((each) => each.stage === stage.name)
      .map(({ at, kind, reason }) => `${at} ${kind}: ${reason}`),
  ];
  return `${lines.join("\n")}\n`;
}

function shareText({
  low,
  high,
  candidateRequests,
  stableRequests,
}: NonNullable<CanaryStageRecord["share"]>): string {
  return `${candidateRequests} requests of the candidate, ${stableRequests} of the stable, ${low.toFixed(2)} to ${high.toFixed(2)} %`;
}

function signalLines(signal: CanarySignalRecord): readonly string[] {
  const { verdict, reason, statistic, factor, limit, needed, queries, sampleName } = signal;
  const arm = ({ samples, value }: CanaryArmRecord) =>
    `${value === null ? "no value" : canaryValue(signal.unit, value)} of ${samples}`;
  return [
    `${verdict.padEnd(12)} ${reason}${signal.isCritical ? "" : " (not critical)"}`,
    `    query      ${queries.join(" and ")}`,
    `    samples    candidate ${arm(signal.candidate)}, stable ${arm(signal.stable)} (${sampleName}; needs ${needed} of the candidate)`,
    `    statistic  ${statistic}`,
    `    interval   ${canaryFactor(factor)}`,
    `    limit      ${limit}`,
  ];
}
