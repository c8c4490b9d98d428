import { systemClock } from "../core/index.ts";
import type { BackpressureRecord } from "../evidence/index.ts";
import { type BackpressureEvent, type BackpressureListener, runBackpressure } from "../harness/index.ts";
import { type LabOptions, type Runtime, startLab } from "../lab/index.ts";
import { USUAL_OBJECTIVE } from "../load/index.ts";
import { type ReportPaths, writeBackpressureReport } from "../reports/index.ts";
import { EVERYDAY, type PlantedCause } from "../scenarios/index.ts";
import { loadRuleFiles, RULE_FILES } from "../signals/index.ts";
import { openArchive } from "./open-archive.ts";

export interface FindLimitOptions {
  readonly runtime: Runtime;
  readonly lab: Omit<LabOptions, "logDirectory" | "signal">;
  readonly ratesRps: readonly number[];
  readonly stepMs: number;
  readonly mustHoldRps: number | null;
  /** How many cores the platform can use. */
  readonly cores: number;
  /** What is done to the lab to limit it; null: nothing. */
  readonly planted: PlantedCause | null;
  /** The user's own rule file, whose regions are shown; null: kanit's own. */
  readonly rulesPath: string | null;
  readonly command: string;
  readonly listener: BackpressureListener;
  readonly signal: AbortSignal;
}

/** A search that was filed. */
export interface FiledLimit {
  readonly record: BackpressureRecord;
  readonly paths: ReportPaths;
}

/**
 * Steps the rate up in a lab of its own until the platform breaks its objective, names what limits it, and files report
 * and evidence in `reports/out/<run>`.
 *
 * @throws UsageError what is wrong with the rule file; KanitError when the lab does not start or the evidence cannot be
 *   written.
 */
export async function findLimit(options: FindLimitOptions): Promise<FiledLimit> {
  const { lab, planted, rulesPath, signal } = options;
  const groups = await loadRuleFiles(rulesPath === null ? RULE_FILES : [rulesPath]);
  const archive = await openArchive(lab, "backpressure");
  using journal = archive.startJournal();
  const listener = (event: BackpressureEvent) => {
    journal.append(event.kind, event);
    options.listener(event);
  };
  const platformEnvironment = { ...lab.platformEnvironment, ...planted?.environment };
  const record = await runBackpressure({
    ...options,
    runId: archive.runId,
    seed: lab.seed,
    platform: lab.platform.name,
    objective: USUAL_OBJECTIVE,
    workload: EVERYDAY.workload,
    faults: planted?.faults ?? [],
    groups,
    startLab: () =>
      startLab(options.runtime, { ...lab, platformEnvironment, logDirectory: archive.path("logs"), signal }),
    clock: systemClock,
    listener,
  });
  journal.close();
  const paths = await writeBackpressureReport(record, archive);
  await archive.writeManifest();
  return { record, paths };
}
