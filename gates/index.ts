export {
  blastEvidence,
  blastLines,
  decisionOf,
  makeEvidenceFolder,
  writeBlastEvidence,
} from "./blast-evidence.ts";
export { type BlastMetricsSource, isSuccess, probeBlastRadius, USUAL_PACE } from "./blast-radius.ts";
