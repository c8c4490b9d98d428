import { type AlertingRule, describeLimit, prometheusSource } from "../../signals/index.ts";
import { checkTriggers } from "../blast/blast-triggers.ts";
import type { GoldenReading, SignalReading } from "../golden/golden-reading.ts";
import { type GoldenQuestion, readGoldenSignals } from "../golden/read-golden-signals.ts";
import type { ReadPart } from "./read-part.ts";

/** What a person would paste to read the same. */
export const ROLLOUT_COMMAND = `curl -s "$PROMETHEUS/api/v1/query" --data-urlencode "query=$QUERY"; curl -s "$PROMETHEUS/api/v1/alerts"`;

/** The golden signals and the triggers at one time. */
interface Rollout extends ReadPart {
  readonly golden: GoldenReading;
}

/** Reads the golden signals, and whether a rollback trigger fires. */
export async function readRollout(
  question: GoldenQuestion,
  rules: readonly AlertingRule[],
): Promise<Rollout> {
  const golden = await readGoldenSignals(question);
  const source = prometheusSource({ url: question.prometheus, allowedHosts: question.allowedHosts });
  const triggers = await checkTriggers(source, rules, question.signal);
  const { signals, warnings } = golden;
  const lines = triggers.map(({ verdict, received }) => `${verdict.padEnd(14)}triggers: ${received}`);
  return {
    golden,
    body: [...goldenLines(golden), "", ...lines].join("\n"),
    problems: [
      ...signals.filter(({ standing }) => standing === "over").map(overLine),
      ...triggers
        .filter(({ verdict }) => verdict === "fail")
        .map(({ received }) => `trigger fires: ${received}`),
    ],
    missing: [
      ...signals
        .filter(({ standing }) => standing === "unknown")
        .map(({ signal, why }) => `${signal.id}: ${why}`),
      ...triggers
        .filter(({ verdict }) => verdict === "inconclusive")
        .map(({ received }) => `triggers: ${received}`),
      ...warnings,
    ],
  };
}

function overLine({ signal, value }: SignalReading): string {
  return `${signal.id}: ${formatValue(value)}, expected ${describeLimit(signal)}`;
}

/** The golden signals as a table. */
function goldenLines({
  source,
  window,
  atMs,
  requests,
  signals,
  stalenessSecondsP95,
  cspBaselinePerMinute,
}: GoldenReading): readonly string[] {
  const within = signals.filter(({ standing }) => standing === "within").length;
  return [
    `${within}/${signals.length} golden signals are within their limits`,
    `read at ${new Date(atMs).toISOString()} from ${source}, over ${window}, ${requests === null ? "unknown" : Math.floor(requests)} requests`,
    "",
    ...signals.map(
      ({ signal, value, standing }) =>
        `${standing.padEnd(14)}${signal.id.padEnd(24)}${formatValue(value).padEnd(14)}${describeLimit(signal)}`,
    ),
    `${"".padEnd(14)}${"ws_stale_p95".padEnd(24)}${formatValue(stalenessSecondsP95)}`,
    `${"".padEnd(14)}${"csp_baseline_per_min".padEnd(24)}${formatValue(cspBaselinePerMinute)}`,
    "",
    ...signals.map(({ signal, query }) => `${signal.id}: ${query}`),
  ];
}

const DIGITS = 4;

function formatValue(value: number | null): string {
  return value === null ? "none" : String(Number(value.toPrecision(DIGITS)));
}
