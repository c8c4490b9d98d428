export { allowedUrl } from "./allowed-host.ts";
export {
  type BlastEvidence,
  blastEvidence,
  blastLines,
  decisionOf,
  writeBlastEvidence,
} from "./blast-evidence.ts";
export { type BlastOptions, type BlastResult, isSuccess, probeBlastRadius } from "./blast-radius.ts";
