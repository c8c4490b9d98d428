import { join } from "node:path";
import type { Clock } from "../core/index.ts";
import { liesIn, type TrustedKeys } from "../signatures/index.ts";
import { decisionOf, readApprovals } from "./read-approvals.ts";
import { readReleaseJournal } from "./release-journal.ts";
import { archiveName, checkRelease, newestAttempt } from "./release-name.ts";

/** What is needed to read what people decided. */
export interface PeoplesDecisionOptions {
  /** The folder of archives. */
  readonly root: string;
  readonly release: string;
  /** From elsewhere than the archive. */
  readonly keys: TrustedKeys;
  readonly clock: Pick<Clock, "nowMs">;
}

/** Reads whether people released the newest archive of a release, and one sentence why. */
export async function peoplesDecision({
  root,
  release,
  keys,
  clock,
}: PeoplesDecisionOptions): Promise<{ readonly isGo: boolean; readonly why: string }> {
  const attempt = await newestAttempt(root, checkRelease(release));
  if (attempt === 0) return { isGo: false, why: "nothing is filed of this release" };
  const folder = join(root, archiveName(release, attempt));
  if (await liesIn(folder, keys)) {
    return { isGo: false, why: "the keys lie inside the archive, so that signatures by them prove nothing" };
  }
  return decisionOf(await readApprovals(folder, await readReleaseJournal(folder), keys, clock.nowMs()));
}
