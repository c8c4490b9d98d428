import { execFile } from "node:child_process";
import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { LabAddresses } from "./lab.ts";

const execute = promisify(execFile);
const RECORD_FILE = "lab.json";
// A folder without a record belongs to a lab that is just being made, for at most this long.
const UNRECORDED_GRACE_MS = 60_000;

const ownerSchema = z.object({ pid: z.number().int().positive(), startedAt: z.string() });

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
});

/** A process, told apart from a later one with the same id by when it started. */
export type ProcessOwner = z.infer<typeof ownerSchema>;

/** What other commands know of a running lab. `addresses` is null until it is ready. */
export interface LabRecord {
  readonly id: string;
  readonly runtime: string;
  readonly owner: ProcessOwner;
  readonly createdAt: string;
  readonly addresses: LabAddresses | null;
}

/** Identifies this process as the owner of labs. */
export async function currentOwner(): Promise<ProcessOwner> {
  return { pid: process.pid, startedAt: (await startTimeOf(process.pid)) ?? "unknown" };
}

/** Writes the record at once, never half: a reader sees the old one or the new one. */
export async function writeLabRecord(directory: string, record: LabRecord): Promise<void> {
  const path = join(directory, RECORD_FILE);
  await writeFile(`${path}.new`, JSON.stringify(record, null, 2));
  await rename(`${path}.new`, path);
}

/** The labs whose owner lives, oldest first. */
export async function listLabs(labsDirectory: string): Promise<readonly LabRecord[]> {
  const found = await readRecords(labsDirectory);
  const alive = found.flatMap((entry) => (entry.state === "alive" ? [entry.record] : []));
  return alive.sort((left, right) => left.createdAt.localeCompare(right.createdAt));
}

/** Removes the folders of labs whose owner died without removing them. Returns how many. */
export async function sweepDeadLabs(labsDirectory: string, nowMs: number): Promise<number> {
  const found = await readRecords(labsDirectory);
  const dead: string[] = [];
  for (const entry of found) {
    if (entry.state === "dead") dead.push(entry.directory);
    if (entry.state === "unrecorded" && nowMs - entry.modifiedAtMs > UNRECORDED_GRACE_MS)
      dead.push(entry.directory);
  }
  await Promise.all(dead.map((directory) => rm(directory, { recursive: true, force: true })));
  return dead.length;
}

type FoundLab =
  | { readonly state: "alive" | "dead"; readonly directory: string; readonly record: LabRecord }
  | { readonly state: "unrecorded"; readonly directory: string; readonly modifiedAtMs: number };

async function readRecords(labsDirectory: string): Promise<readonly FoundLab[]> {
  const names = await readdir(labsDirectory);
  const found = await Promise.all(names.map((name) => readRecord(join(labsDirectory, name))));
  return found.filter((entry) => entry !== null);
}

async function readRecord(directory: string): Promise<FoundLab | null> {
  try {
    const text = await readFile(join(directory, RECORD_FILE), "utf8");
    const record = recordSchema.parse(JSON.parse(text)) as LabRecord;
    const state = (await isAlive(record.owner)) ? "alive" : "dead";
    return { state, directory, record };
  } catch {
    // No record, or none that can be read: the lab is being made, or was made by another version.
    const modifiedAtMs = await stat(directory).then(
      (found) => found.mtimeMs,
      () => null,
    );
    return modifiedAtMs === null ? null : { state: "unrecorded", directory, modifiedAtMs };
  }
}

/** Whether that very process still runs. */
export async function isAlive(owner: ProcessOwner): Promise<boolean> {
  return (await startTimeOf(owner.pid)) === owner.startedAt;
}

async function startTimeOf(pid: number): Promise<string | null> {
  try {
    const { stdout } = await execute("ps", ["-o", "lstart=", "-p", String(pid)], {
      env: { LC_ALL: "C", PATH: "/bin:/usr/bin" },
    });
    return stdout.trim() === "" ? null : stdout.trim();
  } catch {
    // `ps` exits with 1 when there is no such process.
    return null;
  }
}
