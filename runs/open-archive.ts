import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { systemClock } from "../core/index.ts";
import { type Archive, createArchive } from "../evidence/index.ts";
import type { LabOptions } from "../lab/index.ts";

const RUNS = fileURLToPath(new URL("../reports/out", import.meta.url));

/**
 * Opens the evidence folder of a run in `reports/out`. All that is filed there goes through the filter of
 * the lab's secrets.
 *
 * @param kind What is run. The folder's name says it, except for ordinary runs.
 * @throws UnavailableError when the folder cannot be made.
 */
export function openArchive(
  lab: Pick<LabOptions, "seed" | "secrets">,
  kind: "run" | "drill" | "backpressure",
): Promise<Archive> {
  return createArchive({
    root: RUNS,
    runId: runIdOf(lab.seed, kind),
    clock: systemClock,
    secrets: lab.secrets,
  });
}

// Starts with the time, so that folders sort by it; ends with random digits, so that two runs of one second differ.
function runIdOf(seed: number, kind: string): string {
  const time = new Date(systemClock.nowMs()).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  return `${time}Z${kind === "run" ? "" : `-${kind}`}-seed${seed}-${randomBytes(2).toString("hex")}`;
}
