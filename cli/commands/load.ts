import type { Command } from "commander";
import { UsageError } from "../../core/index.ts";
import { SPARK_DEFINITION } from "../../definition/index.ts";
import { openStateDirectory } from "../../lab/index.ts";
import {
  findK6,
  judgeLoad,
  type LoadObjective,
  type LoadPlanInput,
  type LoadResult,
  reportOf,
  runK6,
  runSelfTest,
  saturate,
  startLoad,
  USUAL_OBJECTIVE,
} from "../../load/index.ts";
import type { CommandContext } from "../context.ts";
import {
  type ArrivalFlags,
  completeArrivals,
  completeTarget,
  type TargetFlags,
  withArrivalFlags,
  withTargetFlags,
} from "../load-flags.ts";
import { loadLines, saturationLines, selfTestLines, stepLine } from "../load-lines.ts";
import { positiveNumber, wholeNumber } from "../parse-arguments.ts";

interface SaturateFlags extends TargetFlags {
  readonly stepSeconds: number;
  readonly connections: number;
}

/** `kanit load [run | k6 | saturate | self-test]`: load on a running lab or on an address. */
export function addLoadCommand(program: Command, context: CommandContext): void {
  const load = program
    .command("load")
    .description("put load on a running lab, or on --url; kanit load --help");
  withArrivalFlags(
    withTargetFlags(
      load.command("run", { isDefault: true }).description("open-loop load (also without `run`)"),
    ),
  ).action((flags: TargetFlags & ArrivalFlags) => run(flags, context));
  withArrivalFlags(
    withTargetFlags(load.command("k6").description("the same load by k6, where it is installed")),
  ).action((flags: TargetFlags & ArrivalFlags) => k6(flags, context));
  withTargetFlags(load.command("saturate").description("find the rate at which P95 breaks the objective"))
    .option("--step-seconds <n>", "how long each rate is held", positiveNumber(600), 3)
    .option("--connections <n>", "of the first estimate by autocannon", wholeNumber(1, 10_000), 16)
    .action((flags: SaturateFlags) => findSaturation(flags, context));
  load
    .command("self-test")
    .description("check the generator against a server with a known stall")
    .action(() => selfTest(context));
}

async function run(flags: TargetFlags & ArrivalFlags, context: CommandContext): Promise<void> {
  const target = await completeTarget(flags, context.environment);
  const result = await runToEnd({ ...target, arrivals: await completeArrivals(flags) }, context);
  const report = reportOf(result);
  const judgment = judgeLoad(report, objectiveOf(flags));
  for (const line of loadLines(report, judgment)) context.output.line(line);
  context.output.result({ report, reasons: judgment.reasons });
  context.conclude(judgment.verdict);
}

async function runToEnd(plan: LoadPlanInput, { output, signal }: CommandContext): Promise<LoadResult> {
  signal.throwIfAborted();
  await using load = await startLoad(plan);
  load.onTick(({ atMs, completed, inFlight, latencyMs }) => {
    const p95 = latencyMs.p95?.toFixed(0) ?? "–";
    output.status(
      `${(atMs / 1_000).toFixed(0)} s: ${completed} answered, ${inFlight} in flight, P95 ${p95} ms`,
    );
  });
  // An interrupted load is reported with the operations that it completed.
  const interrupted = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([load.arrivalsEnded(), interrupted]);
  await load.settle();
  const result = await load.stop();
  signal.throwIfAborted();
  return result;
}

async function k6(flags: TargetFlags & ArrivalFlags, context: CommandContext): Promise<void> {
  const { environment, output, signal, conclude } = context;
  requireSpark(flags);
  const plan = {
    ...(await completeTarget(flags, environment)),
    arrivals: await completeArrivals(flags),
  };
  const state = await openStateDirectory(environment.temporaryDirectory);
  const program = await findK6(state.cache);
  output.line(`k6 ${program.version} (${program.path})`);
  const objective = objectiveOf(flags);
  const { report, thresholds } = await runK6(plan, {
    path: program.path,
    objective,
    temporaryDirectory: environment.temporaryDirectory,
    signal,
    onLine: (line) => output.status(line),
  });
  signal.throwIfAborted();
  const judgment = judgeLoad(report, objective);
  for (const line of loadLines(report, judgment)) output.line(line);
  output.line(`  k6's own thresholds ${thresholds}`);
  output.result({ report, reasons: judgment.reasons, thresholds });
  conclude(judgment.verdict);
}

/** k6's scripts speak one API; only kanit's own generator speaks what a definition maps. */
function requireSpark({ platform, path }: TargetFlags): void {
  if (platform === SPARK_DEFINITION || path !== undefined) return;
  throw new UsageError({
    code: "k6-without-mapping",
    message: `Expected the load of k6 to be for Spark, whose API its scripts speak, got ${platform}.`,
    nextStep: "Use `kanit load` for a platform of your own, or name one --path.",
  });
}

async function findSaturation(flags: SaturateFlags, context: CommandContext): Promise<void> {
  const { environment, output, signal, conclude } = context;
  const target = await completeTarget(flags, environment);
  const found = await saturate({
    target,
    objective: objectiveOf(flags),
    stepMs: flags.stepSeconds * 1_000,
    connections: Math.ceil(flags.connections),
    signal,
    onThroughput: ({ rateRps, connections, failed }) =>
      output.line(
        `autocannon: ${rateRps.toFixed(0)}/s on ${connections} connections${failed > 0 ? `, ${failed} failed` : ""}`,
      ),
    onStep: (step) => output.line(stepLine(step)),
  });
  for (const line of saturationLines(found, flags.objectiveMs)) output.line(line);
  output.result({ found });
  conclude(found.verdict === "pass" ? "pass" : "inconclusive");
}

async function selfTest({ output, conclude }: CommandContext): Promise<void> {
  const result = await runSelfTest();
  for (const line of selfTestLines(result)) output.line(line);
  output.result({ selfTest: result });
  conclude(result.verdict);
}

function objectiveOf({ objectiveMs }: TargetFlags): LoadObjective {
  return { ...USUAL_OBJECTIVE, latencyMsP95: objectiveMs };
}
