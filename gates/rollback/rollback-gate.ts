import type { Gate } from "../engine/gate.ts";
import { rollbackRehearsal } from "./rehearse-rollback.ts";

/** What must be so before a canary begins, so that it can be taken back. */
export const ROLLBACK_GATE: Gate = {
  name: "rollback",
  title: "Rollback rehearsal",
  question: "Could the canary be taken back right now?",
  checks: [rollbackRehearsal],
  summaryFile: "rollback_dryrun.txt",
  limitMs: 100_000,
};
