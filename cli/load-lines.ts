import { formatDuration } from "../core/index.ts";
import {
  type LoadJudgment,
  type LoadReport,
  OUTCOMES,
  type RateStep,
  type Saturation,
  type SelfTestResult,
} from "../load/index.ts";

const VERDICT = { pass: "PASS", fail: "FAIL", inconclusive: "INCONCLUSIVE" } as const;
const PERCENTILES = ["p50", "p90", "p95", "p99", "p999", "max"] as const;
const HEADINGS = ["P50", "P90", "P95", "P99", "P99.9", "max"];
const NAME_WIDTH = 12;

/** The terminal's lines about a load: its verdict, its operations and its latencies. */
export function loadLines(report: LoadReport, { verdict, reasons }: LoadJudgment): readonly string[] {
  const { operations, outcomes, durationMs, latencyFrom, lagMsP99, kinds } = report;
  const counts = OUTCOMES.filter((outcome) => outcome === "succeeded" || outcomes[outcome] > 0);
  const row = (name: string, count: number, latencies: LoadReport["latencyMs"]) =>
    `  ${name.padEnd(NAME_WIDTH)}${String(count).padStart(8)}` +
    PERCENTILES.map((percentile) => milliseconds(latencies[percentile]).padStart(10)).join("");
  return [
    `${VERDICT[verdict]}  ${operations} operations in ${formatDuration(durationMs)} by ${report.tool}: ${counts
      .map((outcome) => `${outcomes[outcome]} ${outcome}`)
      .join(", ")}`,
    ...reasons.map((reason) => `  ${reason}`),
    `  ${"ms".padEnd(NAME_WIDTH)}${"count".padStart(8)}${HEADINGS.map((name) => name.padStart(10)).join("")}`,
    ...kinds
      .toSorted((one, other) => one.kind.localeCompare(other.kind))
      .map((kind) => row(kind.kind, kind.operations, kind.latencyMs)),
    row("all", operations - outcomes.dropped, report.latencyMs),
    `  latency from the ${latencyFrom}${lagMsP99 === null ? "" : `; starts ${milliseconds(lagMsP99)} ms late at P99`}`,
  ];
}

/** The line of one rate of a search. */
export function stepLine({
  rateRps,
  verdict,
  latencyMsP50,
  latencyMsP95,
  errorRatio,
  lagMsP99,
}: RateStep): string {
  const errors = errorRatio === null ? "no answers" : `errors ${(errorRatio * 100).toFixed(2)} %`;
  return (
    `  ${String(rateRps).padStart(6)}/s  ${verdict.padEnd(8)} P50 ${milliseconds(latencyMsP50)} ms, ` +
    `P95 ${milliseconds(latencyMsP95)} ms, ${errors}, own lag ${milliseconds(lagMsP99)} ms`
  );
}

/** The last line of a search: its result. */
export function saturationLines({ heldRps, limit }: Saturation, objectiveMs: number): readonly string[] {
  const held = heldRps === null ? "no rate held" : `${heldRps}/s held`;
  if (limit === null) return [`INCONCLUSIVE  ${held}, the highest rate tried: nothing broke.`];
  if (limit.verdict === "unsound") {
    return [`INCONCLUSIVE  ${held}; at ${limit.rateRps}/s the generator itself fell behind.`];
  }
  return [`P95 breaks ${objectiveMs} ms between ${heldRps ?? 0}/s and ${limit.rateRps}/s.`];
}

/** The terminal's lines about a self-test. */
export function selfTestLines(result: SelfTestResult): readonly string[] {
  const { verdict, answered, planned, readings, closedLoopMsP99, generator, lagMsInDrain } = result;
  return [
    `${VERDICT[verdict]}  a known 1.5 s stall, ${answered} of ${planned} answered`,
    `  ${"ms".padEnd(8)}${"truly".padStart(10)}${"reported".padStart(10)}${"off".padStart(10)}`,
    ...readings.map(
      ({ percentile, trueMs, reportedMs, errorRatio, holds }) =>
        `  ${(percentile === 100 ? "max" : `P${percentile}`).padEnd(8)}${milliseconds(trueMs).padStart(10)}` +
        `${milliseconds(reportedMs).padStart(10)}${offBy(trueMs, reportedMs, errorRatio).padStart(10)}` +
        `${holds ? "" : "  too far"}`,
    ),
    `  a closed loop saw a P99 of ${milliseconds(closedLoopMsP99)} ms of the same`,
    `  starts ${milliseconds(generator.lagMs.p99)} ms late at P99, at most ${milliseconds(lagMsInDrain)} ms while answers were received`,
    ...(verdict === "inconclusive"
      ? ["  The machine was too busy for a result: run it again when it is idle."]
      : []),
  ];
}

/** Latencies below 100 ms are judged by an absolute difference: a relative one would be too strict. */
function offBy(trueMs: number, reportedMs: number, errorRatio: number): string {
  return trueMs < 100
    ? `${Math.abs(reportedMs - trueMs).toFixed(2)} ms`
    : `${(errorRatio * 100).toFixed(2)} %`;
}

function milliseconds(value: number | null): string {
  return value === null ? "–" : value.toFixed(value < 100 ? 2 : 1);
}
