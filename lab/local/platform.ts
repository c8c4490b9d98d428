import { setTimeout as delay } from "node:timers/promises";
import type { PlatformDefinition } from "../platform-definition.ts";
import { readAnnouncement, urlAnnouncement } from "./announcement.ts";
import type { GuardedProcess } from "./guarded-process.ts";
import type { LabProcesses } from "./lab-processes.ts";

const POLL_MS = 10;
const REQUEST_TIMEOUT_MS = 2_000;

export interface PlatformOptions {
  readonly processes: LabProcesses;
  readonly definition: PlatformDefinition;
  readonly environment: Readonly<Record<string, string>>;
  readonly logDirectory: string;
  readonly findPort: () => Promise<number>;
}

/** The platform's process, listening, though perhaps not yet healthy. */
export interface StartedPlatform {
  readonly process: GuardedProcess;
  /** Without a slash at the end. */
  readonly url: string;
}

/** Starts the platform as its definition says; resolves when it says, or shows, that it listens. */
export async function startPlatform(options: PlatformOptions): Promise<StartedPlatform> {
  const { definition } = options;
  const announced = definition.listens === "announced";
  const port = announced ? 0 : await options.findPort();
  const [program, ...args] = definition.start;
  const process_ = await options.processes.start({
    name: definition.name,
    command: [program === "node" ? process.execPath : program, ...args],
    environment: { ...options.environment, ...definition.environment, PORT: String(port), HOST: "127.0.0.1" },
    workingDirectory: definition.directory,
    logDirectory: options.logDirectory,
    stopSignal: "TERM",
    user: { kind: "same" },
    directoryToRemove: null,
  });
  if (announced) {
    const { url } = await readAnnouncement(process_, urlAnnouncement);
    return { process: process_, url: url.replace(/\/$/, "") };
  }
  process_.ignoreOutput();
  const url = `http://127.0.0.1:${port}`;
  await process_.untilReady((signal) => untilHealthy(`${url}${definition.health}`, signal));
  return { process: process_, url };
}

/** Resolves when the health endpoint answers with a 2xx. */
export async function untilHealthy(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const timeout = AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
    const healthy = await fetch(url, { signal: timeout }).then(
      async (response) => {
        await response.body?.cancel();
        return response.ok;
      },
      () => false,
    );
    if (healthy) return;
    await delay(POLL_MS, undefined, { signal });
  }
}
