export { type Archive, type ArchiveOptions, createArchive, JOURNAL_NAME } from "./archive.ts";
export {
  createJournal,
  type Journal,
  type JournalHead,
  type JournalOptions,
} from "./journal.ts";
export type { JournalEntry } from "./journal-line.ts";
export { type JournalVerification, readJournal, verifyJournal } from "./journal-verification.ts";
export {
  type ArchiveVerification,
  type Manifest,
  type ManifestFile,
  verifyArchive,
} from "./manifest.ts";
export { createRedaction, type Redact } from "./redaction.ts";
export type {
  BiteRecord,
  CheckRecord,
  EnvironmentRecord,
  FaultRecord,
  LatencyRecord,
  LogRecord,
  OperationsRecord,
  PhaseRecord,
  RunRecord,
  SampleColumn,
  SampleTable,
  ScenarioRecord,
  TriggerRecord,
  TriggerStateRecord,
} from "./run-record.ts";
export { readRunRecord } from "./run-record-file.ts";
