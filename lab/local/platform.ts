import { setTimeout as delay } from "node:timers/promises";
import { UnavailableError } from "../../core/index.ts";
import type { PlatformDefinition } from "../../definition/index.ts";
import { NetworkError, requestHttp, requireAllowedHost } from "../../network/index.ts";
import { readAnnouncement, urlAnnouncement } from "./announcement.ts";
import type { GuardedProcess } from "./guarded-process.ts";
import type { LabCommand, LabProcesses } from "./lab-processes.ts";
import { withFreePort } from "./with-free-port.ts";

const POLL_MS = 10;
const REQUEST_TIMEOUT_MS = 2_000;

export interface PlatformOptions {
  readonly processes: LabProcesses;
  readonly definition: PlatformDefinition;
  /** Variables of the lab for every platform. */
  readonly environment: Readonly<Record<string, string>>;
  /** The user's additions to the definition and overrides of it. */
  readonly userEnvironment: Readonly<Record<string, string>>;
  readonly logDirectory: string;
  readonly findPort: () => Promise<number>;
  readonly startLimitMs: number;
  /** Receives its unexpected end; null: that is a death of the lab. */
  readonly onDeath: (() => void) | null;
}

/** The platform's process, listening, though possibly not healthy yet. */
export interface StartedPlatform {
  readonly process: GuardedProcess;
  /** Without a trailing slash. */
  readonly url: string;
}

/** Starts the platform by its definition; resolves when it announces, or shows, that it listens. */
export function startPlatform(options: PlatformOptions): Promise<StartedPlatform> {
  if (options.definition.listens === "announced") return startPlatformAt(options, 0);
  return withFreePort(options, (port) => startPlatformAt(options, port));
}

/** Starts it on this port; with 0 a platform that announces its address may choose one. */
export async function startPlatformAt(options: PlatformOptions, port: number): Promise<StartedPlatform> {
  const { definition, processes, startLimitMs } = options;
  const process_ = await startProcess(options, port);
  if (definition.listens === "announced") {
    const { url } = await readAnnouncement(processes, process_, urlAnnouncement);
    // The load, the probes and the scrapes use this address, so it must be on this machine.
    requireAllowedHost(new URL(url), []);
    return { process: process_, url: url.replace(/\/$/, "") };
  }
  const started = { process: process_, url: `http://127.0.0.1:${port}` };
  await untilHealthy(started, `${started.url}${definition.health}`, limited(processes, startLimitMs));
  return started;
}

function startProcess(options: PlatformOptions, port: number): Promise<GuardedProcess> {
  const { definition, environment, userEnvironment } = options;
  const [program, ...args] = definition.start;
  const command: LabCommand = {
    name: definition.name,
    command: [program === "node" ? process.execPath : program, ...args],
    environment: {
      ...environment,
      ...definition.environment,
      ...userEnvironment,
      PORT: String(port),
      HOST: "127.0.0.1",
    },
    workingDirectory: definition.directory,
    logDirectory: options.logDirectory,
    stopSignal: "TERM",
    user: { kind: "same" },
  };
  return options.onDeath === null
    ? options.processes.start(command)
    : options.processes.startMortal(command, options.onDeath);
}

/** Aborted when the lab is stopped, and after `limitMs`. */
export function limited(processes: LabProcesses, limitMs: number): AbortSignal {
  return AbortSignal.any([processes.stopping, AbortSignal.timeout(limitMs)]);
}

/**
 * Resolves when the health endpoint answers with a 2xx.
 *
 * @throws UnavailableError `platform-not-healthy` with its last answer, when it does not
 *   until `limit` is aborted.
 * @throws ProcessDiedError when the platform ends first.
 */
export function untilHealthy(platform: StartedPlatform, url: string, limit: AbortSignal): Promise<void> {
  return platform.process.untilReady(async (ended) => {
    const signal = AbortSignal.any([limit, ended]);
    let answer = "none";
    while (!signal.aborted) {
      const came = await ask(url, signal);
      if (came === "2xx") return;
      // A request that the end of the wait cut short says nothing about the platform.
      if (!signal.aborted) answer = came;
      await delay(POLL_MS);
    }
    const said = platform.process.lastLines();
    throw new UnavailableError({
      code: "platform-not-healthy",
      message: `Expected ${platform.process.name} to answer GET ${url} with a 2xx in time, but its last answer was ${answer}. ${said.length === 0 ? "It printed nothing." : `Its last output: ${said.join(" | ")}.`}`,
      nextStep: `See its log, ${platform.process.logPath}.`,
    });
  });
}

async function ask(url: string, signal: AbortSignal): Promise<string> {
  try {
    const { ok, status } = await requestHttp(url, { signal, deadlineMs: REQUEST_TIMEOUT_MS });
    return ok ? "2xx" : String(status);
  } catch (error) {
    return error instanceof NetworkError ? error.received : String(error);
  }
}
