import { randomBytes } from "node:crypto";
import { systemClock } from "../core/index.ts";
import { type Archive, createArchive } from "../evidence/index.ts";
import type { LabOptions } from "../lab/index.ts";

/**
 * Opens the evidence folder of a run. Everything that is filed there is filtered by the lab's secrets.
 *
 * @param outDirectory The folder of all runs.
 * @param kind What is run. It is part of the folder's name, except for ordinary runs.
 * @throws UnavailableError when the folder cannot be created.
 */
export function openArchive(
  outDirectory: string,
  lab: Pick<LabOptions, "seed" | "secrets">,
  kind: "run" | "drill" | "backpressure",
): Promise<Archive> {
  return createArchive({
    root: outDirectory,
    runId: runIdOf(lab.seed, kind),
    clock: systemClock,
    secrets: lab.secrets,
  });
}

// Begins with the time, so that folders sort by it; ends with random digits, so that two
// runs of one second differ.
function runIdOf(seed: number, kind: string): string {
  const time = new Date(systemClock.nowMs()).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  return `${time}Z${kind === "run" ? "" : `-${kind}`}-seed${seed}-${randomBytes(4).toString("hex")}`;
}
