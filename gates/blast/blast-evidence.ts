import { constants } from "node:fs";
import { access, appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type SecretRegistry, UnavailableError, UsageError } from "../../core/index.ts";
import type { HttpSample, WebSocketEvent } from "../../load/index.ts";
import { BLAST_LIMITS } from "./blast-check.ts";
import type { BlastResult } from "./blast-radius.ts";

/** The paths of a blast's evidence; the names are those of the release's evidence list. */
export interface BlastEvidence {
  readonly blast: string;
  readonly api: string;
  readonly webSocket: string;
  readonly promql: string;
}

/** The filter for secrets may miss one. */
const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

const RELEASE = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$/;

/**
 * The files of a release.
 *
 * @throws UsageError `bad-release` for an invalid name, since it becomes part of file names.
 */
export function blastEvidence(folder: string, release: string): BlastEvidence {
  if (!RELEASE.test(release)) {
    throw new UsageError({
      code: "bad-release",
      message: `Expected the name of a release, got ${JSON.stringify(release)}.`,
      nextStep: "Use letters, digits, dots and dashes: v1.4.0.",
    });
  }
  return {
    blast: join(folder, `micro_blast_${release}.log`),
    api: join(folder, `micro_api_${release}.log`),
    webSocket: join(folder, `micro_ws_${release}.log`),
    promql: join(folder, `micro_prom_${release}.promql`),
  };
}

/**
 * Creates the folder before the probing, so that an unwritable folder is reported at once and not after half
 * a minute of measuring.
 *
 * @throws UnavailableError `evidence-not-written`.
 */
export async function makeEvidenceFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw notWritten(folder, error);
  }
}

/**
 * Files a blast, without secrets. Everything is appended: the result of an earlier blast of the same release stays.
 *
 * @throws UnavailableError `evidence-not-written`.
 */
export async function writeBlastEvidence(
  files: BlastEvidence,
  folder: string,
  heading: string,
  result: BlastResult,
  secrets: Pick<SecretRegistry, "filter">,
): Promise<void> {
  const at = (offsetMs: number) => new Date(result.startedAtMs + offsetMs).toISOString();
  const log = (lines: readonly string[]) => `# ${at(0)} ${heading}\n${lines.join("\n")}\n\n`;
  const append = (path: string, text: string) =>
    appendFile(path, secrets.filter(text), { mode: OWNER_ONLY_FILE });
  const apiLines = result.samples.map((sample) => apiLine(sample, at(sample.plannedAtMs)));
  const webSocketLines = result.webSocketEvents.map((event) => webSocketLine(event, at(event.atMs)));
  try {
    await Promise.all([
      append(files.blast, log(blastLines(result))),
      append(files.api, log(apiLines)),
      append(files.webSocket, log(webSocketLines)),
      append(files.promql, promqlText(`${at(0)} ${heading}`, result)),
    ]);
  } catch (error) {
    throw notWritten(folder, error);
  }
}

function notWritten(folder: string, cause: unknown): UnavailableError {
  return new UnavailableError({
    code: "evidence-not-written",
    message: `Expected to write evidence to ${folder}, got: ${cause instanceof Error ? cause.message : String(cause)}.`,
    nextStep: "Free space there or name another folder: --evidence <folder>.",
    cause,
  });
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

function promqlText(heading: string, { measured, metrics }: BlastResult): string {
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
    'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{route!="/metrics"}[1m])))',
    "",
    `# Share of requests that succeed, above ${BLAST_LIMITS.successRatio}. Measured: ${measured.successes} of ${measured.requests}`,
    '1 - (sum(rate(http_requests_total{status=~"5.."}[1m])) or vector(0)) / sum(rate(http_requests_total[1m]))',
    "",
    `# CPU of one core, 0 to 1. Measured: ${valueText(measured.cpuFraction, "")}`,
    "sum(rate(process_cpu_seconds_total[1m]))",
    "",
    "# Backpressure: latency up while the CPU has nothing to do. Returns a value when it is so.",
    'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{route!="/metrics"}[1m]))) ' +
      `> ${BLAST_LIMITS.anomalyLatencyMsP95 / 1_000} and on () sum(rate(process_cpu_seconds_total[1m])) < ${BLAST_LIMITS.anomalyCpuFraction}`,
    "",
  ].join("\n");
}
