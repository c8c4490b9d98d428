import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { EXIT_CODE, KanitError, seededRandom, systemClock, UnavailableError } from "../../core/index.ts";
import type { Lab } from "../lab.ts";
import type { LabOptions } from "../lab-options.ts";
import { type LabRecord, sweepDeadLabs, writeLabRecord } from "../lab-record.ts";
import { drawLabSecrets } from "../lab-secrets.ts";
import { ProcessDiedError } from "../process-died-error.ts";
import { currentOwner } from "../process-owner.ts";
import { publishLab } from "../publish-lab.ts";
import { makeLabDirectory, openStateDirectory } from "../state-directory.ts";
import { assembleLab } from "./assemble-lab.ts";
import { drawCredentials } from "./credentials.ts";
import { explainStartFailure } from "./explain-start-failure.ts";
import { findFreePort } from "./free-port.ts";
import type { LabContext } from "./lab-context.ts";
import { LabGuard } from "./lab-guard.ts";
import { LabProcesses } from "./lab-processes.ts";
import { prepareFakedClock } from "./libfaketime.ts";
import { LOCAL_SETTINGS, type LocalSettings } from "./local-settings.ts";
import { closedToOthers } from "./reachable.ts";
import { unprivilegedUser } from "./unprivileged-user.ts";

/**
 * Starts the whole topology on this machine: Postgres, pgBouncer, the fault proxy, the exchange stubs and the
 * platform, each a process on loopback, with every path between them as a link of the proxy.
 *
 * Whatever goes wrong, and however this process ends, nothing of it keeps running.
 *
 * @throws KanitError with exit code 69 that says what is missing, or which process died and its last output;
 *   the signal's reason when it is aborted.
 */
export async function startLocalLab(
  options: LabOptions,
  settings: LocalSettings = LOCAL_SETTINGS,
): Promise<Lab> {
  const state = await openStateDirectory(options.temporaryDirectory);
  const id = randomBytes(3).toString("hex");
  const directory = join(state.labs, id);
  const guard = await LabGuard.start(directory);
  const processes = new LabProcesses(directory, options.secrets);
  const limit = AbortSignal.timeout(settings.startLimitMs);
  const signal = AbortSignal.any([options.signal, limit]);
  const stopAll = () => void processes.stopAll();
  signal.addEventListener("abort", stopAll);
  try {
    signal.throwIfAborted();
    const context = await openContext({ options, settings, id, directory, guard, processes }, state.cache);
    const [owner] = await Promise.all([currentOwner(), sweepDeadLabs(state.labs, systemClock.nowMs())]);
    const createdAt = new Date(systemClock.nowMs()).toISOString();
    const record: LabRecord = { id, runtime: "local", owner, createdAt, addresses: null, canary: null };
    await writeLabRecord(directory, record);
    const lab = await assembleLab(context);
    const { stopping } = processes;
    await publishLab(lab, { labsDirectory: state.labs, directory, record, signal: stopping });
    return lab;
  } catch (error) {
    await processes.stopAll();
    if (options.signal.aborted) {
      await guard.end("nothing");
      throw options.signal.reason;
    }
    const explained = await explainStartFailure(error, state.labs);
    // They remain for the reader, as long as a folder without a record does.
    await guard.end("logs");
    throw limit.aborted && explained instanceof ProcessDiedError
      ? notReadyInTime(processes, settings.startLimitMs)
      : explained;
  } finally {
    signal.removeEventListener("abort", stopAll);
  }
}

async function openContext(
  given: Pick<LabContext, "options" | "settings" | "id" | "directory" | "guard" | "processes">,
  cacheDirectory: string,
): Promise<LabContext> {
  const { options, directory } = given;
  const user = await unprivilegedUser();
  const closed = user.kind === "same" ? null : await closedToOthers(cacheDirectory);
  if (closed !== null) throw notReachable(closed);
  const logDirectory = options.logDirectory ?? join(directory, "logs");
  await makeLabDirectory(directory);
  await mkdir(logDirectory, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw noLogDirectory(logDirectory, error);
  });
  // Ports are not part of the experiment: two labs with the same seed must not use the same port.
  const random = seededRandom(randomBytes(4).readInt32LE());
  return {
    ...given,
    logDirectory,
    cacheDirectory,
    user,
    random,
    credentials: drawCredentials(options.secrets),
    secrets: drawLabSecrets(options.secrets),
    platformClock: options.stepsClock ? await prepareFakedClock(directory) : null,
    findPort: () => findFreePort(random),
  };
}

function notReachable(closed: string): UnavailableError {
  return new UnavailableError({
    code: "temporary-directory-closed",
    message: `Expected a folder that the user nobody can enter, because Postgres runs as that user, but ${closed} is closed.`,
    nextStep: `Open it (chmod o+x ${closed}), or point TMPDIR elsewhere.`,
  });
}

function noLogDirectory(path: string, cause: unknown): UnavailableError {
  return new UnavailableError({
    code: "no-log-directory",
    message: `Expected to make the folder ${path} for the lab's logs, got: ${cause instanceof Error ? cause.message : String(cause)}.`,
    nextStep: "Make it writable for this user.",
    cause,
  });
}

function notReadyInTime(processes: LabProcesses, limitMs: number): KanitError {
  const logs = processes.logs().map((log) => log.path);
  return new KanitError({
    code: "lab-not-ready",
    message: `Expected the lab to be ready within ${limitMs / 1_000} s, but it was not.`,
    nextStep: `See the logs: ${logs.join(", ")}.`,
    exitCode: EXIT_CODE.unavailable,
  });
}
