export { ARTIFACTS } from "./artifacts/artifact-table.ts";
export { readArtifacts } from "./artifacts/read-artifacts.ts";
export { blastLines } from "./blast/blast-evidence.ts";
export { blastGate } from "./blast/blast-gate.ts";
export { type BlastMetricsSource, type BlastResult, isSuccess, USUAL_PACE } from "./blast/blast-radius.ts";
export type { CanaryArms } from "./canary/arm.ts";
export { planLines } from "./canary/canary-texts.ts";
export { startLivePage } from "./canary/live-page.ts";
export { openArms } from "./canary/open-arms.ts";
export {
  type CanaryPlan,
  canaryJsonSchema,
  parseCanaryPlan,
  readCanaryPlan,
  rehearsedPlan,
  USUAL_PLAN,
} from "./canary/plan/canary-plan.ts";
export { watchAmounts } from "./canary/reading/amounts-watch.ts";
export { watchHeaders } from "./canary/reading/header-watch.ts";
export type { WatchedTriggers } from "./canary/reading/watched-triggers.ts";
export type { RollBack } from "./canary/rollback-request.ts";
export { runCanary } from "./canary/run-canary.ts";
export { haproxyTraffic } from "./canary/traffic/haproxy-traffic.ts";
export { openRequestMeter } from "./canary/traffic/measured-share.ts";
export { releaseArms } from "./canary/traffic/release-arms.ts";
export { releaseTraffic } from "./canary/traffic/release-traffic.ts";
export type { TrafficSplit } from "./canary/traffic/traffic-split.ts";
export { releaseDocuments } from "./documents.ts";
export type { Gate } from "./engine/gate.ts";
export { readCommit } from "./engine/read-commit.ts";
export type { CheckOutcome } from "./engine/run-check.ts";
export { type DrillRow, runDrill } from "./engine/run-drill.ts";
export { type GateEvent, runGate } from "./engine/run-gate.ts";
export { readSeenRed, recordSeenRed } from "./engine/seen-red.ts";
export { decisionOf } from "./engine/summary-text.ts";
export { type Commit, NO_PARTS, type Target, type TargetField } from "./engine/target.ts";
export { checkHour } from "./first-night/check-hour.ts";
export type { ContractSpot } from "./first-night/contract-spot.ts";
export { keepNight } from "./first-night/keep-night.ts";
export { beginNight, checkContinued, type NightPlan, readPlan } from "./first-night/night-plan.ts";
export type { FiledSpot } from "./first-night/stability-report.ts";
export { GATES, readProvedGates } from "./gates.ts";
export { soundEvidence } from "./go-no-go/sound-evidence.ts";
export { KILL_SWITCH_GATE } from "./kill-switch/kill-switch-gate.ts";
export { reportRelease } from "./release-report/report-release.ts";
export { isReportSource } from "./release-report/report-sources.ts";
export type { CanaryPart } from "./rollback/canary-part.ts";
export { openRollbackMeans } from "./rollback/open-means.ts";
export { performRollback, type RollbackResult } from "./rollback/perform-rollback.ts";
export type { RollbackEntry } from "./rollback/rollback-entry.ts";
export { ROLLBACK_GATE } from "./rollback/rollback-gate.ts";
export { RollbackJournal } from "./rollback/rollback-journal.ts";
export { type CommandEnd, runShow } from "./run-of-show/run-show.ts";
export { type ShowRecord, type StepRecord, showText, stepLine } from "./run-of-show/show-record.ts";
export { type ShowStep, type StepFlags, TIMELINE } from "./run-of-show/timeline.ts";
export { CANARY_STAGES, type CanaryStage } from "./snapshot/stage.ts";
export { takeSnapshot } from "./snapshot/take-snapshot.ts";
export { type LabMonitorOptions, startLabMonitor } from "./target/lab-monitor.ts";
export { labTarget } from "./target/lab-target.ts";
export { rehearseBuild } from "./target/rehearsed-build.ts";
export { releaseCanaryPart } from "./target/release-canary-part.ts";
export { releaseTarget } from "./target/release-target.ts";
export { startWalArchive, tryWalArchive } from "./target/wal-archive.ts";
export { type Note, noteLine, noteText, readNote, WAR_ROOM } from "./war-room/note.ts";
export { judgeNote, type WarRoom, warRoomOf } from "./war-room/war-room.ts";
