export {
  type BlastEvidence,
  blastEvidence,
  blastLines,
  decisionOf,
  makeEvidenceFolder,
  writeBlastEvidence,
} from "./blast-evidence.ts";
export {
  type BlastOptions,
  type BlastPace,
  type BlastResult,
  isSuccess,
  probeBlastRadius,
  USUAL_PACE,
} from "./blast-radius.ts";
