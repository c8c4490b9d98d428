import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { KanitError, UsageError } from "../../core/index.ts";
import { SPARK_DEFINITION } from "../../definition/index.ts";
import type { GateRecord } from "../../evidence/index.ts";
import {
  type BlastMetricsSource,
  type BlastResult,
  blastGate,
  blastLines,
  isSuccess,
  NO_PARTS,
  type Target,
  USUAL_PACE,
} from "../../gates/index.ts";
import { MachineWatch } from "../../machine/index.ts";
import { allowedUrl, pathOn } from "../../network/index.ts";
import { ALL_RULE_FILES, alertsOf, loadRuleFiles, parsePromql } from "../../signals/index.ts";
import type { CommandContext } from "../context.ts";
import { documentationHost } from "../documentation-host.ts";
import { checkInputFile } from "../input-file.ts";
import { openTarget, repositoryHere } from "../open-target.ts";
import { collect, metricName, nonEmpty, positiveNumber } from "../parse-arguments.ts";
import { passGate } from "../pass-gate.ts";
import { type ArchiveFlags, withArchiveFlag } from "../release-flags.ts";

const HTTP = ["http:", "https:"];

/** A canary is probed before it gets traffic: an hour is already longer than a release waits. */
const LONGEST_PROBE_SECONDS = 3_600;

interface BlastFlags extends ArchiveFlags {
  readonly allowHost: readonly string[];
  readonly rehearse?: boolean;
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
  const command = program
    .command("blast")
    .description("probe a canary before the first traffic: GO or BLOCK")
    .argument("<url>", "the platform's address: http://127.0.0.1:8080")
    .argument("<release>", "the canary's name in the evidence: v1.4.0")
    .argument("<seconds>", "for how long", positiveNumber(LONGEST_PROBE_SECONDS))
    .option("--allow-host <name>", "allow this host, which is not this machine; repeatable", collect, [])
    .option("--health-path <path>", "the health endpoint", nonEmpty, "/api/healthz")
    .option("--ws-path <path>", "the WebSocket", nonEmpty, "/ws/quotes")
    .option(
      "--metrics-path <path>",
      "where the metrics are: for the CPU, and left out of requests",
      nonEmpty,
      "/metrics",
    )
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
    .option(
      "--rehearse",
      "where the address is one of the documentation (canary, *.example.com), probe a lab in its place",
    );
  withArchiveFlag(command).action((url: string, release: string, seconds: number, flags: BlastFlags) =>
    blast(url, release, seconds, flags, context),
  );
}

async function blast(
  address: string,
  release: string,
  seconds: number,
  flags: BlastFlags,
  context: CommandContext,
): Promise<void> {
  const { output, conclude } = context;
  const isRehearsal = flags.rehearse === true && documentationHost(address, flags.allowHost);
  await using opened = isRehearsal
    ? await openTarget(release, { ...flags, keys: [], platform: SPARK_DEFINITION }, context)
    : null;
  const target = opened?.target ?? addressedTarget(release, address, flags, context);
  const url = target.parts.url;
  if (url === null) throw new TypeError("Expected the target of a blast to have an address.");
  // Before anything is filed.
  for (const path of [flags.healthPath, flags.wsPath, flags.metricsPath]) pathOn(url, path);
  if (isRehearsal) output.line(`${address} is an address of the documentation: probing ${target.name}`);
  const shown = watch(context, url);
  const gate = blastGate({
    healthPath: flags.healthPath,
    webSocketPath: flags.wsPath,
    metrics: await metricsOf(url, flags),
    durationMs: seconds * 1_000,
    pace: USUAL_PACE,
    watchMachine: () => new MachineWatch(process.pid),
    onSample: shown.onSample,
    onResult: shown.onResult,
  });
  const { record, folder } = await passGate(
    { gate, target, flags, command: ["blast", address, release, String(seconds)], onEvent: () => undefined },
    context,
  );
  const result = shown.result();
  const decision = blastDecision(record);
  output.line(`${decision}  ${release} at ${url.origin}`);
  const reasons = result === null ? (record.checks[0]?.reasons ?? []) : blastLines(result).slice(0, -1);
  for (const line of reasons) output.line(`  ${line}`);
  const doubts = [
    ...record.problems,
    ...(record.checks[0]?.reasons ?? []).filter((reason) => /^(?:never|stale|no data|interr)/.test(reason)),
  ];
  for (const doubt of doubts) output.line(`  warning: ${doubt}`);
  const files = blastFiles(record, folder);
  output.line(`  evidence: ${files.map((path) => relative(process.cwd(), path)).join(", ")}`);
  output.result({
    decision,
    release,
    url: url.origin,
    commit: record.commit,
    reasons,
    evidence: files,
    problems: doubts,
  });
  conclude(record.verdict);
}

/** GO releases; everything else blocks, and says so when something could not be found out. */
function blastDecision({ verdict }: GateRecord): string {
  if (verdict === "pass") return "GO";
  return verdict === "fail" ? "BLOCK" : "BLOCK (inconclusive: not enough was measured, or filed)";
}

function blastFiles({ checks, release }: GateRecord, folder: string): readonly string[] {
  const names = checks.flatMap(({ evidence }) => evidence.map(({ name }) => name));
  return [`micro_blast_${release}.log`, ...names].map((name) => `${folder}/${name}`);
}

/** Counts what is probed, for the line of progress, and keeps the result. */
function watch({ output }: CommandContext, url: URL) {
  let asked = 0;
  let failed = 0;
  let measured: BlastResult | null = null;
  return {
    onSample: (sample: Parameters<typeof isSuccess>[0]) => {
      asked += 1;
      if (!isSuccess(sample)) failed += 1;
      output.status(
        `probing ${url.host}: ${asked} requests, ${failed} failed, ${sample.latencyMs.toFixed(0)} ms`,
      );
    },
    onResult: (result: BlastResult) => {
      measured = result;
    },
    result: (): BlastResult | null => measured,
  };
}

/** What is probed by its address alone: of all parts of a target, a blast needs no other. */
function addressedTarget(
  release: string,
  address: string,
  { allowHost }: BlastFlags,
  { environment }: CommandContext,
): Target {
  const url = new URL(allowedUrl(address, HTTP, allowHost));
  return {
    ...{
      release,
      name: url.origin,
      kind: "release-file",
      deployer: environment.user,
      keyPaths: [],
      allowedHosts: allowHost,
    },
    parts: {
      ...NO_PARTS,
      url,
      repository: { directory: repositoryHere(), tag: "not-needed" },
    },
  };
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
  return { kind: "prometheus", url, path: flags.metricsPath, match, requestsMetric, rules: alertsOf(groups) };
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
