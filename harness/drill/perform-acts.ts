import { type FaultContext, injectFault } from "../../chaos/index.ts";
import { type Clock, Disposals } from "../../core/index.ts";
import type { PlatformDefinition } from "../../definition/index.ts";
import { faultContextOf, type Lab } from "../../lab/index.ts";
import { type LoadPlanInput, type RunningLoad, startLoad } from "../../load/index.ts";
import { tradedWorkload } from "../experiment/traded-workload.ts";
import { GENERATOR_LAG_LIMIT_MS_P99 } from "../judging/judge-generator.ts";
import type { Act, DrillLoad } from "./condition.ts";
import type { DrillWatch } from "./drill-watch.ts";

/** What clients of a platform need. */
export interface LoadContext {
  readonly lab: Lab;
  readonly platform: PlatformDefinition;
  readonly seed: number;
  readonly clock: Clock;
}

/** Longer than any condition is watched. */
const LOAD_LIMIT_MS = 3_600_000;

/** The dependencies of acts. */
export interface ActContext extends LoadContext {
  readonly watch: DrillWatch;
  readonly proxy: FaultContext["proxy"];
}

/** Executed acts, undone when this is disposed. */
export interface PerformedActs extends AsyncDisposable {
  /** The acts as they were executed. */
  readonly labels: readonly string[];
}

/** Executes acts one after the other. When one fails, the earlier ones are undone. */
export async function performActs(acts: readonly Act[], context: ActContext): Promise<PerformedActs> {
  await using stack = new Disposals();
  const labels: string[] = [];
  for (const act of acts) labels.push(await perform(act, context, stack));
  const done = stack.move();
  return { labels, [Symbol.asyncDispose]: () => done[Symbol.asyncDispose]() };
}

async function perform(act: Act, context: ActContext, stack: Disposals): Promise<string> {
  switch (act.kind) {
    case "fault":
      return stack.use(await injectFault(act.fault, faultContextOf(context.lab, context.proxy))).label;
    case "load":
      stack.use(await startDrillLoad(act.load, context));
      return act.what;
    case "blind":
      context.watch.blind(act.source);
      return `the metrics of ${act.source} are no longer collected`;
  }
}

/** Starts clients of the platform that run until they are stopped. */
export async function startDrillLoad(
  { rateRps, workload }: DrillLoad,
  { lab, platform, seed, clock }: LoadContext,
): Promise<RunningLoad> {
  const plan: LoadPlanInput = {
    baseUrl: lab.addresses.api,
    api: platform.api,
    driver: await lab.driver(),
    seed,
    arrivals: { kind: "constant", rateRps, durationMs: LOAD_LIMIT_MS, spacing: "even" },
    maxLagMsP99: GENERATOR_LAG_LIMIT_MS_P99,
    workload: tradedWorkload(workload, lab),
  };
  return startLoad(plan, clock);
}
