export { type Archive, createArchive, reopenArchive } from "./archive.ts";
export { changed, type Finding, passed, unclear } from "./finding.ts";
export { compareFolder } from "./folder/compare-folder.ts";
export { type FolderEntry, listFolder } from "./folder/list-folder.ts";
export { type FoundManifest, JOURNAL_NAME, MANIFEST_NAME, readManifest } from "./folder/manifest.ts";
export {
  chunksOf,
  digestFile,
  type FileDigest,
  openRegularFile,
  readWholeFile,
  UnreadableFile,
} from "./folder/open-file.ts";
export { shownPath } from "./folder/shown-path.ts";
export { FILE_MODE, FOLDER_MODE, writeAtomically } from "./folder/write-atomically.ts";
export { writeNew } from "./folder/write-new.ts";
export type { Journal, JournalHead, RunEnding } from "./journal.ts";
export { decodeLine, encodeLine, GENESIS_HASH, type JournalEntry } from "./journal-line.ts";
export { type JournalVerification, readJournal, verifyJournal } from "./journal-verification.ts";
export {
  type BackpressureOutcome,
  type BackpressureRecord,
  LIMITS,
  type LimitFinding,
  type LimitName,
  type TriggerRegion,
} from "./records/backpressure-record.ts";
export {
  CANARY_SCHEMA,
  type CanaryArmRecord,
  type CanaryCurveRecord,
  type CanaryDecisionRecord,
  type CanaryRecord,
  type CanaryShareRecord,
  type CanarySignalRecord,
  type CanaryStagePlanRecord,
  type CanaryStageRecord,
  type CanaryTriggerRecord,
} from "./records/canary-record.ts";
export { canaryFactor, canaryValue } from "./records/canary-value.ts";
export type { CheckRecord } from "./records/check-record.ts";
export { describeRouteFailures } from "./records/describe-route-failures.ts";
export type {
  ConditionRun,
  DrillRecord,
  QuietDrill,
  RuleReading,
  RuleRecord,
  ShownRecord,
  TriggerDrill,
} from "./records/drill-record.ts";
export type { EnvironmentRecord } from "./records/environment-record.ts";
export type { FaultRecord } from "./records/fault-record.ts";
export { GATE_SCHEMA, type GateCheckRecord, type GateRecord } from "./records/gate-record.ts";
export type { NotApplicable } from "./records/not-applicable.ts";
export type { LatencyRecord, OperationsRecord, RouteRecord } from "./records/operations-record.ts";
export {
  ORDER_STANDINGS,
  type OrderRecord,
  type OrderRecords,
  type OrderStep,
} from "./records/order-record.ts";
export {
  type FiledRecord,
  type FoundRecord,
  findRecord,
  parseRecord,
  readRecord,
  readRunRecord,
} from "./records/read-record.ts";
export { RUN_SCHEMA, type RunRecord } from "./records/run-record.ts";
export type { SampleColumn, SampleTable } from "./records/sample-table.ts";
export type { PhaseRecord, ScenarioRecord } from "./records/scenario-record.ts";
export type { ScenarioSource } from "./records/scenario-source.ts";
export type {
  OperationWaits,
  ResourceReading,
  StepFinding,
  StepRecord,
} from "./records/step-record.ts";
export type { TriggerRecord, TriggerStateRecord } from "./records/trigger-record.ts";
export { createRedaction } from "./redaction.ts";
export { storageErrorOf, systemCodeOf } from "./storage-error.ts";
