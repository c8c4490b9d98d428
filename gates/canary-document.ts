import { formatDuration } from "../core/index.ts";
import { describeLimit, GOLDEN_SIGNALS, type GoldenSignal } from "../signals/index.ts";
import { USUAL_PLAN } from "./canary/plan/canary-plan.ts";

const UNITS: Readonly<Record<GoldenSignal["quantity"], string>> = {
  seconds: " s",
  ratio: " of all",
  "per-minute": " a minute",
};

/** `docs/release/CANARY_DEPLOYMENT_PROTOCOL.md`: the stages, what is judged in each, and what people do. */
export function canaryDocument(generated: string): string {
  const { stages, lookMs, settleMs, longestBlindMs, whenInconclusive, critical } = USUAL_PLAN;
  const rows = stages.map(
    ({ sharePercent, durationMs, longestMs }, index) =>
      `| ${index + 1} | ${sharePercent} % | ${formatDuration(durationMs)} | ${formatDuration(longestMs)} | \`scripts/snapshot-metrics.sh ${sharePercent}\` |`,
  );
  const signals = GOLDEN_SIGNALS.map(
    (signal) =>
      `| ${signal.title} | ${describeLimit(signal)}${signal.limit.kind === "at-most-times-baseline" ? "" : UNITS[signal.quantity]} | ${critical.includes(signal.id) ? "at once" : "at the end of the stage"} |`,
  );
  return `# Canary deployment protocol

A release takes over the traffic in ${stages.length} stages. \`kanit canary <release>\` carries them out and judges the candidate against the
stable version at the same time; [how it judges](../canary.md), and how a plan of your own is written, is said there.

${generated}

## Before stage 1

Each of these has passed for the commit that is released: [blind spots](PRE_DEPLOYMENT_BLIND_SPOTS.md), [preflight](PREFLIGHT.md), the
micro blast radius, [the red team](RED_TEAM_CHECKLIST.md), [the artifacts](ARTIFACTS.md), and [GO/NO-GO](GO_NO_GO_CHECKLIST.md) is signed.
\`kanit canary <release> --plan\` prints the samples that each stage needs, and changes nothing.

## Stages

| stage | share | at least | at most | evidence |
|---|---|---|---|---|
${rows.join("\n")}

Both arms are looked at every ${formatDuration(lookMs)}; the first ${formatDuration(settleMs)} of a stage are not judged. A stage that has too few samples waits, up to its
longest time.

## What is judged

| signal | limit | a failure rolls back |
|---|---|---|
${signals.join("\n")}

Besides, a trigger that fires rolls back at once. Where a stage stays inconclusive, or nothing was measured for ${formatDuration(longestBlindMs)}, the plan's
answer is: ${whenInconclusive}. It never advances.

## Roles

The commander decides, and does no hands-on work; another person runs the commands; a scribe keeps \`kanit note\`. See the
[war room](WAR_ROOM.md), and [incident response](INCIDENT_RESPONSE.md) for what comes after a rollback.

## The way back

    scripts/rollback.sh --reason p95_spike --stage "25%"

The [rollback runbook](ROLLBACK_RUNBOOK.md) says what it does, and when its clock stops.
`;
}
