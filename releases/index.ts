export { approveRelease } from "./approve-release.ts";
export { completenessFindings } from "./completeness.ts";
export { STAGES, type Stage } from "./evidence-names.ts";
export { fileRun } from "./file-folder.ts";
export { GateFiling } from "./gate-filing.ts";
export { listRelease } from "./list-release.ts";
export { peoplesDecision } from "./peoples-decision.ts";
export { checkPolicy, readPolicy } from "./policy.ts";
export { readEvidence } from "./read-evidence.ts";
export { readFiled } from "./read-filed.ts";
export { readReleaseFiles } from "./read-release-files.ts";
export {
  archiveOf,
  type FileToFile,
  fileForRelease,
  type MadeFiling,
  type ReleasesOptions,
} from "./release-archive.ts";
export type { ReleaseFinding } from "./release-finding.ts";
export { readReleaseJournal } from "./release-journal.ts";
export { checkRelease } from "./release-name.ts";
export { readReleaseStory } from "./release-story.ts";
export { sealArchive } from "./seal-archive.ts";
export { verifyRelease } from "./verify-release.ts";
