import { type Clock, mergeVerdicts, type Verdict } from "../core/index.ts";
import type { Lab } from "../lab/index.ts";
import { runExperiment } from "./experiment/run-experiment.ts";
import type { Subject } from "./experiment/subject.ts";
import type { Rate } from "./failure/rate.ts";
import { hasSignature } from "./failure/signature.ts";
import { timelineOf } from "./failure/tell-story.ts";
import type { Reproduction } from "./reproduction.ts";

export interface RepeatOptions {
  readonly lab: Lab;
  readonly subject: Subject;
  readonly times: number;
  readonly clock: Clock;
  /** Called after each run with whether it failed as the reproduction says, and what failed at all. */
  readonly listener: (run: { readonly isSame: boolean; readonly findings: readonly string[] }) => void;
  readonly signal: AbortSignal;
}

/** How often a reproduction failed in the same way again. */
export interface Repeated {
  readonly verdict: Verdict;
  readonly rate: Rate;
  /** Of the last run that failed so, otherwise of the last one. */
  readonly timeline: readonly string[];
}

/** Runs a reproduction some times. It fails when one run fails, whichever check says so. */
export async function repeatReproduction(
  { plan, signature }: Pick<Reproduction, "plan" | "signature">,
  { lab, subject, times, clock, listener, signal }: RepeatOptions,
): Promise<Repeated> {
  const verdicts: Verdict[] = [];
  let hits = 0;
  let timeline: readonly string[] = [];
  for (let run = 0; run < times; run++) {
    const record = await runExperiment(plan, { lab, subject, clock, signal });
    const isSame = hasSignature(record.checks, signature);
    const findings = record.checks
      .filter(({ verdict }) => verdict === "fail")
      .map(({ name, received }) => `${name}: ${received}`);
    verdicts.push(record.verdict);
    if (isSame || hits === 0) timeline = timelineOf(record);
    if (isSame) hits += 1;
    listener({ isSame, findings: [...findings, ...record.excuses] });
  }
  return { verdict: mergeVerdicts(verdicts), rate: { hits, runs: times }, timeline };
}
