import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { EXIT_CODE, KanitError, seededRandom, systemClock, UnavailableError } from "../../core/index.ts";
import type { Lab } from "../lab.ts";
import type { LabOptions } from "../lab-options.ts";
import { currentOwner, type LabRecord, sweepDeadLabs, writeLabRecord } from "../lab-record.ts";
import { openStateDirectory } from "../state-directory.ts";
import { assembleLab } from "./assemble-lab.ts";
import { makeCredentials } from "./credentials.ts";
import { explainStartFailure } from "./explain-start-failure.ts";
import { findFreePort } from "./free-port.ts";
import type { LabContext } from "./lab-context.ts";
import { LabProcesses } from "./lab-processes.ts";
import { closedToOthers } from "./reachable.ts";
import { unprivilegedUser } from "./unprivileged-user.ts";

const START_LIMIT_MS = 60_000;

/**
 * Brings the whole topology up on this machine: Postgres, pgBouncer, the fault proxy, the exchange stubs and
 * the platform, each a process on loopback, every path between them a link of the proxy.
 *
 * Whatever goes wrong, and however this process ends, nothing of it is left running.
 *
 * @throws KanitError with exit code 69 that says what is missing, or which process died and what it said last.
 */
export async function startLocalLab(options: LabOptions): Promise<Lab> {
  const state = await openStateDirectory(options.temporaryDirectory);
  const id = randomBytes(3).toString("hex");
  const directory = join(state.labs, id);
  const processes = new LabProcesses();
  const limit = AbortSignal.timeout(START_LIMIT_MS);
  const signal = AbortSignal.any([options.signal, limit]);
  const stopAll = () => void processes.stopAll();
  signal.addEventListener("abort", stopAll);
  try {
    signal.throwIfAborted();
    const context = await openContext(options, id, directory, state.cache, processes);
    const [owner] = await Promise.all([currentOwner(), sweepDeadLabs(state.labs, systemClock.nowMs())]);
    const createdAt = new Date(systemClock.nowMs()).toISOString();
    const record: LabRecord = { id, runtime: "local", owner, createdAt, addresses: null };
    await writeLabRecord(directory, record);
    const lab = await assembleLab(context);
    await writeLabRecord(directory, { ...record, addresses: lab.addresses });
    return lab;
  } catch (error) {
    await processes.stopAll();
    // The logs stay for the reader; the next lab that starts removes them.
    await rm(join(directory, "postgres"), { recursive: true, force: true });
    if (options.signal.aborted) throw options.signal.reason;
    throw limit.aborted ? notReadyInTime(processes) : explainStartFailure(error, directory);
  } finally {
    signal.removeEventListener("abort", stopAll);
  }
}

async function openContext(
  options: LabOptions,
  id: string,
  directory: string,
  cacheDirectory: string,
  processes: LabProcesses,
): Promise<LabContext> {
  const user = await unprivilegedUser();
  const closed = user.kind === "same" ? null : await closedToOthers(cacheDirectory);
  if (closed !== null) throw notReachable(closed);
  const logDirectory = options.logDirectory ?? join(directory, "logs");
  await mkdir(logDirectory, { recursive: true });
  await mkdir(directory, { recursive: true });
  // Ports and keys are not part of the experiment: two labs with the same seed must not meet on a port.
  const random = seededRandom(randomBytes(4).readInt32LE());
  return {
    options,
    id,
    directory,
    logDirectory,
    cacheDirectory,
    user,
    random,
    credentials: makeCredentials(random.fork("credentials")),
    processes,
    findPort: () => findFreePort(random),
  };
}

function notReachable(closed: string): UnavailableError {
  return new UnavailableError({
    code: "temporary-directory-closed",
    message: `Expected a folder that the user nobody may enter, since Postgres runs as it, but ${closed} is closed.`,
    nextStep: `Open it (chmod o+x ${closed}), or point TMPDIR elsewhere.`,
  });
}

function notReadyInTime(processes: LabProcesses): KanitError {
  const logs = processes.logs().map((log) => log.path);
  return new KanitError({
    code: "lab-not-ready",
    message: `Expected the lab to be ready within ${START_LIMIT_MS / 1_000} s, but it was not.`,
    nextStep: `See the logs: ${logs.join(", ")}.`,
    exitCode: EXIT_CODE.unavailable,
  });
}
