import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { systemClock } from "../core/index.ts";
import { type Archive, createArchive } from "../evidence/index.ts";
import type { LabOptions } from "../lab/index.ts";

const RUNS = fileURLToPath(new URL("../reports/out", import.meta.url));
const SECRET_NAME = /secret|token|password|private|api_?key/i;

/**
 * Opens the evidence folder of a run in `reports/out`. The platform's secrets are redacted from all that is
 * filed there.
 *
 * @param kind What is run. The folder's name says it, except for ordinary runs.
 * @throws UnavailableError when the folder cannot be made.
 */
export function openArchive(
  lab: Pick<LabOptions, "seed" | "platformEnvironment">,
  kind: "run" | "drill" | "backpressure",
): Promise<Archive> {
  return createArchive({
    root: RUNS,
    runId: runIdOf(lab.seed, kind),
    clock: systemClock,
    secrets: secretsIn(lab.platformEnvironment),
  });
}

// Starts with the time, so that folders sort by it; ends with random digits, so that two runs of one second differ.
function runIdOf(seed: number, kind: string): string {
  const time = new Date(systemClock.nowMs()).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  return `${time}Z${kind === "run" ? "" : `-${kind}`}-seed${seed}-${randomBytes(2).toString("hex")}`;
}

/** The values of variables whose names say that they are secret. */
function secretsIn(variables: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(variables).flatMap(([name, value]) => (SECRET_NAME.test(name) ? [value] : []));
}
