import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { KanitError, mergeVerdicts, systemClock, UsageError } from "../../core/index.ts";
import {
  type BlastMetricsSource,
  blastDecisionOf,
  blastEvidence,
  blastLines,
  isSuccess,
  makeEvidenceFolder,
  probeBlastRadius,
  USUAL_PACE,
  writeBlastEvidence,
} from "../../gates/index.ts";
import { allowedUrl } from "../../network/index.ts";
import { ALL_RULE_FILES, alertsOf, loadRuleFiles, parsePromql } from "../../signals/index.ts";
import type { CommandContext } from "../context.ts";
import { checkInputFile } from "../input-file.ts";
import { makeOutputFolder } from "../output-folder.ts";
import { collect, metricName, nonEmpty, positiveNumber } from "../parse-arguments.ts";

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
  /** False after `--no-metrics`. */
  readonly metrics: boolean;
  readonly requestsMetric: string;
  readonly rules: readonly string[];
  readonly prometheus?: string;
  readonly prometheusMatch?: string;
}

/** `kanit blast <url> <release> <seconds>`: the micro blast radius of a canary. */
export function addBlastCommand(program: Command, context: CommandContext): void {
  program
    .command("blast")
    .description("probe a canary before the first traffic: GO or BLOCK")
    .argument("<url>", "the platform's address: http://127.0.0.1:8080")
    .argument("<release>", "the canary's name in the evidence: v1.4.0")
    .argument("<seconds>", "for how long", positiveNumber(LONGEST_PROBE_SECONDS))
    .option("--allow-host <name>", "allow this host, which is not this machine; repeatable", collect, [])
    .option("--evidence <folder>", "the folder for the evidence", nonEmpty, "evidence")
    .option("--health-path <path>", "the health endpoint", nonEmpty, "/api/healthz")
    .option("--ws-path <path>", "the WebSocket", nonEmpty, "/ws/quotes")
    .option("--metrics-path <path>", "the metrics, for the CPU", nonEmpty, "/metrics")
    .option("--requests-metric <name>", "the name of its request counter", metricName, "http_requests_total")
    .option("--no-metrics", "judge without metrics, for a platform that has none")
    .option(
      "--prometheus <url>",
      "query this Prometheus instead of the metrics; its rollback alerts block",
      nonEmpty,
    )
    .option(
      "--rules <file>",
      "the rules that it must have loaded; repeatable (default: those of `kanit export prometheus`)",
      collect,
      [],
    )
    .option(
      "--prometheus-match <matchers>",
      'label matchers of the canary\'s series (default: instance="<its host>")',
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
  { environment, output, signal, conclude, noteVerdict }: CommandContext,
): Promise<void> {
  const files = blastEvidence(flags.evidence, release);
  const url = new URL(allowedUrl(address, HTTP, flags.allowHost));
  const metrics = await metricsOf(url, flags);
  makeOutputFolder(flags.evidence, "--evidence");
  await makeEvidenceFolder(flags.evidence);
  let asked = 0;
  let failed = 0;
  const result = await probeBlastRadius({
    url,
    allowedHosts: flags.allowHost,
    healthPath: flags.healthPath,
    webSocketPath: flags.wsPath,
    metrics,
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
  const decision = verdict === result.verdict ? blastDecisionOf(result) : NOT_FILED;
  output.line(`${decision}  ${release} at ${url.origin}`);
  for (const line of blastLines(result).slice(0, -1)) output.line(`  ${line}`);
  const paths = Object.values(files).map((path) => relative(process.cwd(), path));
  output.line(problem === null ? `  evidence: ${paths.join(", ")}` : `  warning: ${problem}`);
  output.result({
    decision,
    release,
    url: url.origin,
    reasons: blastLines(result),
    evidence: problem === null ? files : null,
    problems: problem === null ? [] : [problem],
  });
  conclude(verdict);
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

async function metricsOf(canary: URL, flags: BlastFlags): Promise<BlastMetricsSource> {
  const { prometheus, allowHost, requestsMetric, rules } = flags;
  if (prometheus === undefined) {
    return flags.metrics ? { kind: "page", path: flags.metricsPath, requestsMetric } : { kind: "none" };
  }
  if (!flags.metrics) {
    throw new UsageError({
      code: "contradicting-options",
      message: "Expected --prometheus or --no-metrics, got both.",
      nextStep: "Omit one of them.",
    });
  }
  const match = flags.prometheusMatch ?? `instance=${JSON.stringify(canary.host)}`;
  checkMatchers(match);
  for (const path of rules) checkInputFile(path, "rules");
  const groups = await loadRuleFiles(
    rules.length === 0 ? ALL_RULE_FILES : rules.map((path) => resolve(path)),
  );
  const url = allowedUrl(prometheus, HTTP, allowHost);
  return { kind: "prometheus", url, match, requestsMetric, rules: alertsOf(groups) };
}

/**
 * Checks what becomes part of each question to the Prometheus.
 *
 * @throws UsageError `bad-matchers`
 */
function checkMatchers(match: string): void {
  if (isSelector(`up{${match}}`)) return;
  throw new UsageError({
    code: "bad-matchers",
    message: `Expected matchers of labels in --prometheus-match, got ${JSON.stringify(match)}.`,
    nextStep: 'Write them as in a selector, without braces: job="spark",instance="canary:8080".',
  });
}

function isSelector(expression: string): boolean {
  try {
    return parsePromql(expression).kind === "vector-selector";
  } catch (error) {
    if (error instanceof KanitError) return false;
    throw error;
  }
}
