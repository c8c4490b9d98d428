import type { HttpSample, WebSocketEvent } from "../../load/index.ts";
import { BLAST_LIMITS } from "./blast-check.ts";
import type { BlastResult } from "./blast-radius.ts";

/** The texts of a blast's evidence; their names are those of the release's evidence list. */
export interface BlastTexts {
  readonly blast: string;
  readonly api: string;
  readonly webSocket: string;
  readonly promql: string;
}

/** What a blast files: each check, each answer, each event of the WebSocket, and the queries for Prometheus. */
export function blastTexts(heading: string, result: BlastResult): BlastTexts {
  const at = (offsetMs: number) => new Date(result.startedAtMs + offsetMs).toISOString();
  const log = (lines: readonly string[]) => `# ${at(0)} ${heading}\n${lines.join("\n")}\n\n`;
  return {
    blast: log(blastLines(result)),
    api: log(result.samples.map((sample) => apiLine(sample, at(sample.plannedAtMs)))),
    webSocket: log(result.webSocketEvents.map((event) => webSocketLine(event, at(event.atMs)))),
    promql: promqlText(`${at(0)} ${heading}`, result),
  };
}

/** The checks of a blast, one line each, and its decision. */
export function blastLines(result: BlastResult): readonly string[] {
  const checks = result.checks.map(
    ({ name, verdict, expected, received }) =>
      `${verdict.padEnd(12)} ${name.padEnd(20)} ${received} (expected ${expected})`,
  );
  return [...checks, `decision     ${decisionOf(result)}`];
}

/** GO releases; everything else blocks, and says so when the reason is missing data. */
export function decisionOf({ verdict }: BlastResult): string {
  if (verdict === "pass") return "GO";
  return verdict === "fail" ? "BLOCK" : "BLOCK (inconclusive: not enough was measured)";
}

function apiLine(sample: HttpSample, at: string): string {
  const what = sample.kind === "answered" ? String(sample.status) : sample.error;
  return `${at} ${what} ${sample.latencyMs.toFixed(1)} ms`;
}

function webSocketLine(event: WebSocketEvent, at: string): string {
  switch (event.kind) {
    case "connected":
      return `${at} connected in ${event.handshakeMs.toFixed(1)} ms`;
    case "connect-failed":
      return `${at} connect failed: ${event.error}`;
    case "round-trip":
      return `${at} ${event.ping} ping ${event.roundTripMs.toFixed(1)} ms`;
    case "ping-lost":
      return `${at} ${event.ping} ping lost`;
    case "disconnected":
      return `${at} disconnected: ${event.code} ${event.reason}`;
  }
}

function promqlText(heading: string, { measured, metrics, metricsPath }: BlastResult): string {
  const p95 = `histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{route!=${JSON.stringify(metricsPath)}}[1m])))`;
  const valueText = (value: number | null, unit: string) =>
    value === null ? "not measured" : `${value.toFixed(2)}${unit}`;
  return [
    `# ${heading}`,
    `# Asked of ${metrics.source}:`,
    ...metrics.answers.flatMap(({ question, value }) => [`# ${valueText(value, "")}`, question]),
    ...metrics.remarks.map((remark) => `# ${remark}`),
    "",
    "# The same questions for Prometheus, with what this probe measured from outside.",
    "",
    `# API P95 in seconds, below ${BLAST_LIMITS.latencyMsP95 / 1_000}. Measured: ${valueText(measured.latencyMsP95, " ms")}`,
    p95,
    "",
    `# Share of requests that succeed, above ${BLAST_LIMITS.successRatio}. Measured: ${measured.successes} of ${measured.requests}`,
    '1 - (sum(rate(http_requests_total{status=~"5.."}[1m])) or vector(0)) / sum(rate(http_requests_total[1m]))',
    "",
    `# CPU of one core, 0 to 1. Measured: ${valueText(measured.cpuFraction, "")}`,
    "sum(rate(process_cpu_seconds_total[1m]))",
    "",
    "# Backpressure: latency up while the CPU has nothing to do. Returns a value when it is so.",
    `${p95} ` +
      `> ${BLAST_LIMITS.anomalyLatencyMsP95 / 1_000} and on () sum(rate(process_cpu_seconds_total[1m])) < ${BLAST_LIMITS.anomalyCpuFraction}`,
    "",
  ].join("\n");
}
