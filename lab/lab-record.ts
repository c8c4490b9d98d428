import { readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type LabCanary, labCanarySchema } from "./canary/lab-canary.ts";
import type { LabAddresses } from "./lab.ts";
import { LabGuard } from "./local/lab-guard.ts";
import { isAlive, ownerSchema, type ProcessOwner } from "./process-owner.ts";

const RECORD_FILE = "lab.json";
// A folder without a record belongs to a lab that is just being created, for at most this long.
const UNRECORDED_GRACE_MS = 60_000;
const OWNER_ONLY = 0o600;

const recordSchema = z.object({
  id: z.string(),
  runtime: z.string(),
  owner: ownerSchema,
  createdAt: z.string(),
  addresses: z
    .object({
      api: z.string(),
      platform: z.string(),
      metrics: z.string(),
      proxyControl: z.string(),
      venueControl: z.string(),
      databaseUrl: z.string(),
      poolerUrl: z.string(),
      poolerAdminUrl: z.string(),
      links: z.record(z.string(), z.string()),
    })
    .nullable(),
  canary: labCanarySchema.nullable(),
});

const ownedSchema = z.object({ owner: ownerSchema });

/** What other commands know of a running lab. `addresses` is null until it is ready. */
export interface LabRecord {
  readonly id: string;
  readonly runtime: string;
  readonly owner: ProcessOwner;
  readonly createdAt: string;
  readonly addresses: LabAddresses | null;
  /** Null also where no candidate stands beside the platform. */
  readonly canary: LabCanary | null;
}

/**
 * Writes the record atomically. Only the lab's user may read it, since its addresses
 * contain passwords and tokens.
 */
export async function writeLabRecord(directory: string, record: LabRecord): Promise<void> {
  const path = join(directory, RECORD_FILE);
  await writeFile(`${path}.new`, JSON.stringify(record, null, 2), { mode: OWNER_ONLY });
  await rename(`${path}.new`, path);
}

/** The labs whose owner is alive, oldest first. */
export async function listLabs(labsDirectory: string): Promise<readonly LabRecord[]> {
  const found = await readRecords(labsDirectory);
  const alive = found.flatMap((entry) => (entry.state === "alive" ? [entry.record] : []));
  return alive.sort((left, right) => left.createdAt.localeCompare(right.createdAt));
}

/** Removes the folders of labs whose owner died, and ends what still runs of them. Returns how many. */
export async function sweepDeadLabs(labsDirectory: string, nowMs: number): Promise<number> {
  const found = await readRecords(labsDirectory);
  const dead: string[] = [];
  for (const entry of found) {
    if (entry.state === "dead") dead.push(entry.directory);
    if (entry.state === "unrecorded" && nowMs - entry.modifiedAtMs > UNRECORDED_GRACE_MS)
      dead.push(entry.directory);
  }
  await Promise.all(dead.map((directory) => LabGuard.endLab(directory, "nothing")));
  return dead.length;
}

type FoundLab =
  | { readonly state: "alive" | "dead"; readonly directory: string; readonly record: LabRecord }
  | { readonly state: "foreign"; readonly directory: string }
  | { readonly state: "unrecorded"; readonly directory: string; readonly modifiedAtMs: number };

async function readRecords(labsDirectory: string): Promise<readonly FoundLab[]> {
  const names = await readdir(labsDirectory);
  const found = await Promise.all(names.map((name) => readRecord(join(labsDirectory, name))));
  return found.filter((entry) => entry !== null);
}

async function readRecord(directory: string): Promise<FoundLab | null> {
  const json = await readJson(join(directory, RECORD_FILE));
  const record = recordSchema.safeParse(json);
  if (record.success) {
    const state = (await isAlive(record.data.owner)) ? "alive" : "dead";
    return { state, directory, record: record.data as LabRecord };
  }
  // A record of another version of kanit: the lab is not shown here, nor removed while its owner is alive.
  const foreign = ownedSchema.safeParse(json);
  if (foreign.success && (await isAlive(foreign.data.owner))) return { state: "foreign", directory };
  const modifiedAtMs = await stat(directory).then(
    (found) => found.mtimeMs,
    () => null,
  );
  return modifiedAtMs === null ? null : { state: "unrecorded", directory, modifiedAtMs };
}

// A missing or torn record counts as none.
async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return null;
  }
}
