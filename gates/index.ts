export {
  blastEvidence,
  blastLines,
  decisionOf as blastDecisionOf,
  makeEvidenceFolder,
  writeBlastEvidence,
} from "./blast/blast-evidence.ts";
export { type BlastMetricsSource, isSuccess, probeBlastRadius, USUAL_PACE } from "./blast/blast-radius.ts";
export type { Gate } from "./engine/gate.ts";
export { readCommit } from "./engine/read-commit.ts";
export type { CheckOutcome } from "./engine/run-check.ts";
export { type DrillRow, runDrill } from "./engine/run-drill.ts";
export { type GateEvent, runGate } from "./engine/run-gate.ts";
export { readSeenRed, recordSeenRed } from "./engine/seen-red.ts";
export { decisionOf } from "./engine/summary-text.ts";
export type { Target } from "./engine/target.ts";
export { GATES } from "./gates.ts";
export { startLabMonitor } from "./target/lab-monitor.ts";
export { labTarget } from "./target/lab-target.ts";
export { releaseTarget } from "./target/release-target.ts";
