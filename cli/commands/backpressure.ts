import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { parseDurationMs, UsageError } from "../../core/index.ts";
import type { BackpressureRecord } from "../../evidence/index.ts";
import { commandLine, type FiledRun, type FindLimitOptions, findLimit } from "../../runs/index.ts";
import { PLANTED_CAUSES, type PlantedCause } from "../../scenarios/index.ts";
import { backpressureProgress } from "../backpressure-progress.ts";
import type { CommandContext } from "../context.ts";
import { checkInputFile } from "../input-file.ts";
import { completeLabFlags, type LabFlags, withLabFlags } from "../lab-flags.ts";
import type { CommandResult } from "../output.ts";
import { nonEmpty, positiveNumber } from "../parse-arguments.ts";
import { fileForFlags, type ReleaseFlags, withReleaseFlags } from "../release-flags.ts";
import { showEnd } from "../show-end.ts";

const DEFAULT_RATES = "20,40,80,160,320,640,1280";
const MAX_RATE_RPS = 100_000;
const MAX_CORES = 1_024;
const DEFAULT_STEP = "4s";

interface BackpressureFlags extends LabFlags, ReleaseFlags {
  readonly rates: string;
  readonly stepFor: string;
  readonly mustHold?: number;
  readonly cores: number;
  readonly rules?: string;
  readonly selfTest?: true;
}

/** `kanit backpressure`: finds the rate at which the platform misses its objective, and what limits it. */
export function addBackpressureCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("backpressure")
    .description(
      "raise the rate step by step until the objective breaks, and name the limit: CPU, event loop, pool, …",
    )
    .option("--rates <list>", "operations per second, in ascending order", nonEmpty, DEFAULT_RATES)
    .option("--step-for <duration>", "how long each rate is held", nonEmpty, DEFAULT_STEP)
    .option(
      "--must-hold <rate>",
      "fail when the objective does not hold at this rate",
      positiveNumber(MAX_RATE_RPS),
    )
    .option(
      "--cores <n>",
      "how many cores the platform can use; Node's request path has one",
      positiveNumber(MAX_CORES),
      1,
    )
    .option("--rules <file>", "shade the regions of this Prometheus rule file's alerts", nonEmpty)
    .option("--self-test", "create each of the six causes in a lab of its own, and check that it is named");
  withReleaseFlags(withLabFlags(command)).action((flags: BackpressureFlags) =>
    flags.selfTest === true ? selfTest(flags, context) : backpressure(flags, context),
  );
}

async function backpressure(flags: BackpressureFlags, context: CommandContext): Promise<void> {
  const filed = await findLimit({ ...(await findLimitOptions(flags, context)), planted: null });
  await showEnd(filed, context);
  await fileForFlags(flags, "backpressure", filed, context);
}

/** Plants each cause in a lab, and checks that the search names it. */
async function selfTest(flags: BackpressureFlags, context: CommandContext): Promise<void> {
  const { output, conclude, signal, noteVerdict } = context;
  const options = await findLimitOptions(flags, context);
  const causes: CommandResult[] = [];
  for (const planted of PLANTED_CAUSES) {
    output.line(`\n▸ ${planted.limit}: ${planted.summary}`);
    const found = await findLimit({ ...options, planted });
    signal.throwIfAborted();
    const named = namedBy(found);
    const isNamed = named === planted.limit;
    causes.push({ planted: planted.limit, named, report: found.paths.html });
    output.result({ causes });
    noteVerdict(isNamed ? "pass" : "fail");
    output.line(`  ${isNamed ? "✓" : "✕"} ${found.record.why}`);
    if (found.paths.html !== null) output.line(`  ${relative(process.cwd(), found.paths.html)}`);
  }
  const right = causes.filter(({ planted, named }) => planted === named).length;
  output.line(`\n${right} of ${PLANTED_CAUSES.length} created causes named.`);
  conclude(right === PLANTED_CAUSES.length ? "pass" : "fail");
}

function namedBy({ record: { outcome } }: FiledRun<BackpressureRecord>): PlantedCause["limit"] | null {
  return outcome.kind === "limited" && outcome.limit.kind === "named" ? outcome.limit.limit : null;
}

async function findLimitOptions(
  flags: BackpressureFlags,
  { environment, output, signal, noteVerdict }: CommandContext,
): Promise<Omit<FindLimitOptions, "planted">> {
  const { repeat, runtime, outDirectory, ...lab } = await completeLabFlags(flags, environment);
  const { rates, stepFor, mustHold, cores, rules } = flags;
  const showEvent = backpressureProgress(output);
  if (rules !== undefined) checkInputFile(rules, "rules");
  const words = [
    "backpressure",
    ...(flags.selfTest === true ? ["--self-test"] : []),
    ...(rates === DEFAULT_RATES ? [] : ["--rates", rates]),
    ...(stepFor === DEFAULT_STEP ? [] : ["--step-for", stepFor]),
    ...(mustHold === undefined ? [] : ["--must-hold", String(mustHold)]),
    ...(cores === 1 ? [] : ["--cores", String(cores)]),
    ...(rules === undefined ? [] : ["--rules", rules]),
    ...["--seed", String(lab.seed)],
    ...repeat,
  ];
  return {
    runtime,
    outDirectory,
    lab: { ...lab, temporaryDirectory: environment.temporaryDirectory },
    ratesRps: parseRates(rates),
    stepMs: parseStep(stepFor),
    mustHoldRps: mustHold ?? null,
    cores,
    rulesPath: rules === undefined ? null : resolve(rules),
    command: commandLine(words),
    listener: (event) => {
      if (event.kind === "backpressure.ended" && flags.selfTest !== true) noteVerdict(event.verdict);
      showEvent(event);
    },
    signal,
  };
}

function parseRates(text: string): readonly number[] {
  const rates = text.split(",").map((part) => Number(part.trim()));
  const ascend = rates.every((rate, index) => rate > (rates[index - 1] ?? 0) && rate <= MAX_RATE_RPS);
  if (ascend) return rates;
  throw new UsageError({
    code: "bad-rates",
    message: `Expected rates above 0 that ascend, up to ${MAX_RATE_RPS} op/s, got ${JSON.stringify(text)}.`,
    nextStep: `Write them as --rates ${DEFAULT_RATES}.`,
  });
}

const SHORTEST_STEP_MS = 2_000;
const LONGEST_STEP_MS = 600_000;

/** Shorter steps have too few samples to name a limit. */
function parseStep(text: string): number {
  const stepMs = parseDurationMs(text);
  if (stepMs >= SHORTEST_STEP_MS && stepMs <= LONGEST_STEP_MS) return stepMs;
  throw new UsageError({
    code: "bad-duration",
    message: `Expected --step-for to be from 2s to 10m, got ${JSON.stringify(text)}.`,
    nextStep: `Omit it for ${DEFAULT_STEP}.`,
  });
}
