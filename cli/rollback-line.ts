import type { RollbackEntry } from "../gates/index.ts";

/** What happened, for a person who waits; null for what is told otherwise. */
export function rollbackLine(entry: RollbackEntry): string | null {
  switch (entry.kind) {
    case "step.begun":
      return `${entry.data.step} …`;
    case "step.done":
      return `${entry.data.step} done: ${entry.data.what}`;
    case "step.failed":
      return `${entry.data.step} failed: ${entry.data.why}`;
    case "users.read":
      return `users are ${entry.data.standing}: ${entry.data.lines.join("; ")}`;
    default:
      return null;
  }
}
