import { relative } from "node:path";
import type { Command } from "commander";
import { exitCodeOf, KanitError, mergeVerdicts, systemClock } from "../../core/index.ts";
import {
  blastEvidence,
  blastLines,
  decisionOf,
  isSuccess,
  makeEvidenceFolder,
  probeBlastRadius,
  USUAL_PACE,
  writeBlastEvidence,
} from "../../gates/index.ts";
import { allowedUrl } from "../../network/index.ts";
import type { CommandContext } from "../context.ts";
import { collect, nonEmpty, positiveNumber } from "../parse-arguments.ts";

const HTTP = ["http:", "https:"];

/** A canary is probed before it gets traffic: an hour is already longer than a release waits. */
const LONGEST_PROBE_SECONDS = 3_600;

/** The decision for a canary that passed, and of which there is no evidence. */
const NOT_FILED = "BLOCK (inconclusive: its evidence could not be written)";

interface BlastFlags {
  readonly allowHost: readonly string[];
  readonly evidence: string;
  readonly healthPath: string;
  readonly wsPath: string;
  readonly metricsPath: string;
  readonly prometheus?: string;
  readonly prometheusMatch?: string;
}

/** `kanit blast <url> <release> <seconds>`: the micro blast radius of a canary. */
export function addBlastCommand(program: Command, context: CommandContext): void {
  program
    .command("blast")
    .description("probe a canary before the first traffic: GO or BLOCK")
    .argument("<url>", "where the platform is: http://127.0.0.1:8080")
    .argument("<release>", "its name, for the evidence: v1.4.0")
    .argument("<seconds>", "for how long", positiveNumber(LONGEST_PROBE_SECONDS))
    .option("--allow-host <name>", "a host that is not this machine, repeatable", collect, [])
    .option("--evidence <folder>", "where the evidence goes", nonEmpty, "evidence")
    .option("--health-path <path>", "the health endpoint", nonEmpty, "/api/healthz")
    .option("--ws-path <path>", "the WebSocket", nonEmpty, "/ws/quotes")
    .option("--metrics-path <path>", "the metrics, for the CPU", nonEmpty, "/metrics")
    .option(
      "--prometheus <url>",
      "ask this Prometheus instead of the metrics; its rollback alerts block",
      nonEmpty,
    )
    .option(
      "--prometheus-match <matchers>",
      'which series are the canary\'s (default: instance="<its host>")',
    )
    .action((url: string, release: string, seconds: number, flags: BlastFlags) =>
      blast(url, release, seconds, flags, context),
    );
}

async function blast(
  address: string,
  release: string,
  seconds: number,
  flags: BlastFlags,
  { environment, output, signal, exitWith, noteVerdict }: CommandContext,
): Promise<void> {
  const files = blastEvidence(flags.evidence, release);
  const url = new URL(allowedUrl(address, HTTP, flags.allowHost));
  const prometheus = prometheusOf(url, flags);
  await makeEvidenceFolder(flags.evidence);
  let asked = 0;
  let failed = 0;
  const result = await probeBlastRadius({
    url,
    allowedHosts: flags.allowHost,
    healthPath: flags.healthPath,
    webSocketPath: flags.wsPath,
    metricsPath: flags.metricsPath,
    prometheus,
    durationMs: seconds * 1_000,
    pace: USUAL_PACE,
    clock: systemClock,
    signal,
    onSample: (sample) => {
      asked += 1;
      if (!isSuccess(sample)) failed += 1;
      output.status(
        `probing ${url.host}: ${asked} requests, ${failed} failed, ${sample.latencyMs.toFixed(0)} ms`,
      );
    },
  });
  noteVerdict(result.verdict);
  const heading = `${release} at ${url.origin}, ${seconds} s`;
  const problem = await fileBlast(() =>
    writeBlastEvidence(files, flags.evidence, heading, result, environment.secrets),
  );
  const verdict = problem === null ? result.verdict : mergeVerdicts([result.verdict, "inconclusive"]);
  const decision = verdict === result.verdict ? decisionOf(result) : NOT_FILED;
  output.line(`${decision}  ${release} at ${url.origin}`);
  for (const line of blastLines(result).slice(0, -1)) output.line(`  ${line}`);
  const paths = Object.values(files).map((path) => relative(process.cwd(), path));
  output.line(problem === null ? `  evidence: ${paths.join(", ")}` : `  warning: ${problem}`);
  exitWith(exitCodeOf(verdict));
}

/** Files a blast. Returns why it could not be filed, since that must not lose its decision; null when it was. */
async function fileBlast(write: () => Promise<void>): Promise<string | null> {
  try {
    await write();
    return null;
  } catch (error) {
    if (error instanceof KanitError) return `${error.message} ${error.nextStep}`;
    throw error;
  }
}

function prometheusOf(
  canary: URL,
  { prometheus, prometheusMatch, allowHost }: BlastFlags,
): { readonly url: string; readonly match: string } | null {
  if (prometheus === undefined) return null;
  return {
    url: allowedUrl(prometheus, HTTP, allowHost),
    match: prometheusMatch ?? `instance=${JSON.stringify(canary.host)}`,
  };
}
