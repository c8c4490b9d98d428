import { type Clock, mergeVerdicts } from "../../core/index.ts";
import type { AlertingRule } from "../../signals/index.ts";
import type { GateFiling } from "../engine/filing.ts";
import type { Target } from "../engine/target.ts";
import { cspBaseline } from "../golden/csp-baseline.ts";
import { DATABASE_COMMAND, readDatabase } from "./read-database.ts";
import { LOGS_COMMAND, readLogs } from "./read-logs.ts";
import { type ReadPart, readOrMissing } from "./read-part.ts";
import { POOLS_COMMAND, readPools } from "./read-pools.ts";
import { ROLLOUT_COMMAND, readRollout } from "./read-rollout.ts";
import { recordedGolden, type SnapshotRecord, snapshotRecordName } from "./snapshot-record.ts";
import type { CanaryStage } from "./stage.ts";
import { type StageFile, stageFileText, verdictOfFile } from "./stage-file.ts";

/** What a snapshot needs. */
export interface SnapshotOptions {
  readonly stage: CanaryStage;
  readonly target: Target;
  readonly commit: string | null;
  readonly filing: GateFiling;
  /** The rules whose alerts roll back, and their siblings that say when one has no data. */
  readonly rules: readonly AlertingRule[];
  /** Over which time the golden signals are read: `5m`. */
  readonly window: string;
  readonly leastRequests: number;
  /** How long a signal may take to have data. */
  readonly patienceMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const KIND = "gate.snapshot";

/**
 * Takes the snapshot of a stage: golden signals and triggers, database, pools, logs, and a summary of them. Each
 * is filed as soon as it is read. What cannot be had is named in its file, and makes the snapshot inconclusive.
 *
 * @throws the signal's reason when it is interrupted; what was filed until then stays.
 */
export async function takeSnapshot(options: SnapshotOptions): Promise<SnapshotRecord> {
  const { stage, target, commit, filing, clock } = options;
  const at = new Date(clock.nowMs()).toISOString();
  const command = `kanit snapshot ${stage} ${target.release}`;
  const [rollout, ...others] = await Promise.all(readingsOf(options, at));
  const files = [rollout.file, ...others.map(({ file }) => file)];
  const summary = summaryOf(stage, command, files);
  await fileText(summary, options, at);
  const record: SnapshotRecord = {
    ...{ schema: "kanit.snapshot/1", release: target.release, stage, target: target.name, commit, at },
    verdict: mergeVerdicts(files.map(verdictOfFile)),
    files: files.map(({ name, problems, missing, ...file }) => ({
      ...{ name, problems, missing },
      verdict: verdictOfFile({ name, problems, missing, ...file }),
    })),
    golden: "golden" in rollout.part ? recordedGolden(rollout.part.golden) : null,
  };
  const text = `${JSON.stringify(record, null, 2)}\n`;
  await filing.file({ name: snapshotRecordName(stage), kind: `${KIND}.record`, text, command });
  filing.note("snapshot.taken", { stage, verdict: record.verdict });
  await filing.end({ verdict: record.verdict, problems: [] });
  return record;
}

/** Reads all parts side by side; the rollout is the first. */
function readingsOf(options: SnapshotOptions, at: string) {
  const { target, signal, stage } = options;
  const { prometheus, database, pgbouncer, logs } = target.parts;
  const filed = async <Part extends ReadPart>(
    prefix: string,
    what: string,
    command: string,
    reading: Promise<Part>,
  ) => {
    const part = await reading;
    const title = `Canary at ${stage} %, ${what}`;
    const { body, problems, missing } = part;
    const file: StageFile = { name: nameOf(prefix, stage), title, command, body, problems, missing };
    await fileText(file, options, at);
    return { part, file };
  };
  return [
    filed(
      "rollout",
      "metrics",
      ROLLOUT_COMMAND,
      readOrMissing("metrics", prometheus, ({ url }) => rolloutAt(url, options), signal),
    ),
    filed(
      "db_health",
      "database",
      DATABASE_COMMAND,
      readOrMissing("database", database, (url) => readDatabase(url, signal), signal),
    ),
    filed(
      "pgbouncer",
      "pools",
      POOLS_COMMAND,
      readOrMissing("pools", pgbouncer, (pools) => readPools(pools, signal), signal),
    ),
    filed("logs", "logs", LOGS_COMMAND, readOrMissing("logs", logs, readLogs, signal)),
  ] as const;
}

async function rolloutAt(prometheus: string, options: SnapshotOptions) {
  const { target, rules, window, leastRequests, patienceMs, clock, signal } = options;
  const { evidence } = target.parts;
  return readRollout(
    {
      ...{ prometheus, window, leastRequests, patienceMs, clock, signal },
      allowedHosts: target.allowedHosts,
      cspBaselinePerMinute: evidence === null ? null : await cspBaseline(evidence, target.release),
    },
    rules,
  );
}

async function fileText(file: StageFile, options: SnapshotOptions, at: string): Promise<void> {
  const { target, commit, stage, filing } = options;
  const heading = [
    `release   ${target.release}, commit ${commit ?? "unknown"}`,
    `stage     ${stage} %`,
    `target    ${target.name}`,
    `time      ${at}`,
  ];
  const { name, command } = file;
  await filing.file({ name, kind: `${KIND}.file`, text: stageFileText(file, heading), command });
}

/** `db_health_stage_5.txt` */
function nameOf(prefix: string, stage: CanaryStage): string {
  return `${prefix}_stage_${stage}.txt`;
}

const VERDICT_COLUMNS = 14;

function summaryOf(stage: CanaryStage, command: string, files: readonly StageFile[]): StageFile {
  return {
    ...{ name: nameOf("summary", stage), title: `Canary at ${stage} %, summary`, command },
    body: files.map((file) => `${verdictOfFile(file).padEnd(VERDICT_COLUMNS)}${file.name}`).join("\n"),
    problems: files.flatMap(({ problems }) => problems),
    missing: files.flatMap(({ missing }) => missing),
  };
}
