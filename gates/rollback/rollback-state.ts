import type { Holder, RollbackEnding, RollbackRequest, StepName, TimedEntry } from "./rollback-entry.ts";

/** How far a step is. */
interface StepState {
  readonly standing: "begun" | "done" | "failed";
  /** What it did, or why it failed. */
  readonly what: string;
  readonly atMs: number;
}

/** A rollback as its journal states it. */
export interface RollbackState {
  readonly request: RollbackRequest;
  readonly steps: ReadonlyMap<StepName, StepState>;
  readonly ending: RollbackEnding | null;
  /** Where its evidence is; null while it is not filed. */
  readonly folder: string | null;
  /** How many processes have worked on it: more than one after a kill. */
  readonly processes: number;
}

/** Who holds the rollbacks of a release, since when, and when it last wrote something. */
export interface Claim {
  readonly holder: Holder;
  readonly sinceMs: number;
  readonly lastMs: number;
}

/** Who holds them now; null where nobody does. Whether that process still runs, the lines do not say. */
export function claimIn(entries: readonly TimedEntry[]): Claim | null {
  const last = entries.findLast(({ kind }) => kind === "rollback.claimed" || kind === "rollback.released");
  if (last?.kind !== "rollback.claimed") return null;
  return { holder: last.data, sinceMs: last.atMs, lastMs: entries.at(-1)?.atMs ?? last.atMs };
}

/** The newest rollback; null where none was asked for. */
export function newestRollback(entries: readonly TimedEntry[]): RollbackState | null {
  const from = entries.findLastIndex(({ kind }) => kind === "rollback.requested");
  const first = entries[from];
  if (first?.kind !== "rollback.requested") return null;
  const steps = new Map<StepName, StepState>();
  let ending: RollbackEnding | null = null;
  let folder: string | null = null;
  let processes = 1;
  for (const entry of entries.slice(from + 1)) {
    switch (entry.kind) {
      case "step.begun":
        steps.set(entry.data.step, { standing: "begun", what: "", atMs: entry.atMs });
        break;
      case "step.done":
        steps.set(entry.data.step, { standing: "done", what: entry.data.what, atMs: entry.atMs });
        break;
      case "step.failed":
        steps.set(entry.data.step, { standing: "failed", what: entry.data.why, atMs: entry.atMs });
        break;
      case "rollback.ended":
        ending = entry.data;
        break;
      case "rollback.filed":
        folder = entry.data.folder;
        break;
      case "rollback.claimed":
        if (folder === null) processes += 1;
        break;
      default:
        break;
    }
  }
  return { request: first.data, steps, ending, folder, processes };
}
