import { systemClock } from "../core/index.ts";
import type { BackpressureRecord } from "../evidence/index.ts";
import { type BackpressureEvent, type BackpressureListener, runBackpressure } from "../harness/index.ts";
import type { LabOptions, Runtime } from "../lab/index.ts";
import { USUAL_OBJECTIVE } from "../load/index.ts";
import { EVERYDAY, type PlantedCause } from "../scenarios/index.ts";
import { loadRuleFiles, RULE_FILES } from "../signals/index.ts";
import { openArchive } from "./open-archive.ts";
import { type FiledRun, RunFiling } from "./run-filing.ts";
import { startProvenLab } from "./start-proven-lab.ts";

export interface FindLimitOptions {
  readonly runtime: Runtime;
  readonly lab: Omit<LabOptions, "logDirectory" | "signal">;
  /** The folder of all runs; this one gets its own folder in it. */
  readonly outDirectory: string;
  readonly ratesRps: readonly number[];
  readonly stepMs: number;
  readonly mustHoldRps: number | null;
  /** How many cores the platform can use. */
  readonly cores: number;
  /** A cause that is planted to limit the platform; null: none. */
  readonly planted: PlantedCause | null;
  /** The rule file whose alerts are drawn as regions in the report; null: kanit's own rules. */
  readonly rulesPath: string | null;
  readonly command: string;
  readonly listener: BackpressureListener;
  readonly signal: AbortSignal;
}

/**
 * Raises the rate step by step until the platform misses its objective, names what limits it, and writes the
 * report and the evidence to `<outDirectory>/<run>`. The lab is started and stopped for it.
 *
 * @throws UsageError what is wrong with the rule file; KanitError when the lab does not start or the
 * evidence cannot be   written.
 */
export async function findLimit(options: FindLimitOptions): Promise<FiledRun<BackpressureRecord>> {
  const { lab, planted, rulesPath } = options;
  const groups = await loadRuleFiles(rulesPath === null ? RULE_FILES : [rulesPath]);
  const archive = await openArchive(options.outDirectory, lab, "backpressure");
  using filing = new RunFiling<BackpressureEvent>(archive, options.signal);
  const { signal } = filing;
  const listener = (event: BackpressureEvent) => {
    filing.append(event);
    options.listener(event);
  };
  const platformEnvironment = { ...lab.platformEnvironment, ...planted?.environment };
  return await filing.file(() =>
    runBackpressure({
      ...options,
      runId: archive.runId,
      seed: lab.seed,
      platform: lab.platform,
      objective: USUAL_OBJECTIVE,
      workload: EVERYDAY.workload,
      faults: planted?.faults ?? [],
      groups,
      startLab: () =>
        startProvenLab(options.runtime, {
          ...lab,
          platformEnvironment,
          logDirectory: archive.path("logs"),
          signal,
        }),
      clock: systemClock,
      listener,
      onProblem: (problem) => filing.warn(problem),
      signal,
    }),
  );
}
