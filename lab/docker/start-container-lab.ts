import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { systemClock, UnavailableError } from "../../core/index.ts";
import type { Lab } from "../lab.ts";
import type { LabOptions } from "../lab-options.ts";
import { type LabRecord, sweepDeadLabs, writeLabRecord } from "../lab-record.ts";
import { drawLabSecrets } from "../lab-secrets.ts";
import { drawCredentials } from "../local/credentials.ts";
import { explainStartFailure } from "../local/explain-start-failure.ts";
import { LabGuard } from "../local/lab-guard.ts";
import { LabProcesses } from "../local/lab-processes.ts";
import { currentOwner } from "../process-owner.ts";
import { publishLab } from "../publish-lab.ts";
import { makeLabDirectory, openStateDirectory } from "../state-directory.ts";
import type { ContainerRuntime } from "./container-context.ts";
import { assembleContainerLab } from "./container-lab.ts";
import { DockerEngine, LAB_LABEL } from "./docker-engine.ts";
import type { DockerSettings } from "./docker-settings.ts";
import { makeImages } from "./images.ts";
import { ownerLabel, sweepContainers } from "./sweep-containers.ts";

/**
 * Starts the whole topology in containers, published on loopback only. Missing images are built first.
 *
 * When it fails, its containers and its network are removed. When this process is killed, the next start or
 * `kanit down` on this machine finds them by their label and removes them.
 *
 * @throws KanitError with exit code 69 that says what is missing, or which container did not get ready and
 *   its last output; the signal's reason when it is aborted.
 */
export async function startContainerLab(
  runtime: ContainerRuntime,
  options: LabOptions,
  settings: DockerSettings,
): Promise<Lab> {
  const engine = new DockerEngine(settings.environment);
  await engine.version(options.signal);
  await sweepContainers(engine);
  const images = await makeImages(engine, settings, options.signal);
  const state = await openStateDirectory(options.temporaryDirectory);
  const id = randomBytes(3).toString("hex");
  const directory = join(state.labs, id);
  const guard = await LabGuard.start(directory);
  const processes = new LabProcesses(directory, options.secrets);
  const limit = AbortSignal.timeout(settings.startLimitMs);
  const signal = AbortSignal.any([options.signal, limit]);
  // The processes that follow the logs end first, so that the end of the containers is not reported as a
  // death.
  const removeAll = async () => {
    await processes.stopAll();
    await engine.removeLabeled(LAB_LABEL, id);
  };
  try {
    const [owner] = await Promise.all([currentOwner(), sweepDeadLabs(state.labs, systemClock.nowMs())]);
    const logDirectory = options.logDirectory ?? join(directory, "logs");
    await makeLabDirectory(directory);
    await mkdir(logDirectory, { recursive: true, mode: 0o700 });
    const createdAt = new Date(systemClock.nowMs()).toISOString();
    const record: LabRecord = { id, runtime: runtime.name, owner, createdAt, addresses: null, canary: null };
    await writeLabRecord(directory, record);
    const context = {
      ...{ options, settings, engine, images, id, directory, logDirectory, processes, signal },
      owner: ownerLabel(owner),
      secrets: drawLabSecrets(options.secrets),
      credentials: drawCredentials(options.secrets),
    };
    const release = async () => {
      await removeAll();
      await guard.end("nothing");
    };
    const lab = await assembleContainerLab(context, runtime, release);
    const { stopping } = processes;
    await publishLab(lab, { labsDirectory: state.labs, directory, record, signal: stopping });
    return lab;
  } catch (error) {
    await removeAll();
    if (options.signal.aborted) {
      await guard.end("nothing");
      throw options.signal.reason;
    }
    await guard.end("logs");
    throw limit.aborted && error === limit.reason
      ? notReadyInTime(settings.startLimitMs, processes)
      : await explainStartFailure(error, state.labs);
  }
}

function notReadyInTime(limitMs: number, processes: LabProcesses): UnavailableError {
  const logs = processes.logs().map((log) => log.path);
  return new UnavailableError({
    code: "lab-not-ready",
    message: `Expected the lab's containers to run within ${limitMs / 1_000} s, but they did not.`,
    nextStep:
      logs.length === 0
        ? "See what the engine is doing: docker events."
        : `See the logs: ${logs.join(", ")}.`,
  });
}
