import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { UnavailableError } from "../../core/index.ts";
import type { LabProcessName } from "../../definition/index.ts";
import { askHaproxy, HAPROXY_DEADLINE_MS } from "../../network/index.ts";
import type { LabContext } from "../local/lab-context.ts";
import { withFreePort } from "../local/with-free-port.ts";
import { ProcessDiedError } from "../process-died-error.ts";
import { type HaproxySettings, haproxyConfiguration } from "./haproxy-configuration.ts";

const POLL_MS = 5;
const OWNER_ONLY = 0o700;
const OWNER_READS = 0o600;
const SOCKET = "runtime.sock";
const CONFIGURATION = "haproxy.cfg";

/** A running HAProxy, listening. */
export interface StartedHaproxy {
  readonly port: number;
  /** `unix:///…` */
  readonly runtime: URL;
  /** Starts it again after it was killed, on its port. */
  startAgain(): Promise<void>;
}

/**
 * Starts HAProxy on a free port of this machine, with its runtime API in the lab's own folder.
 *
 * @throws UnavailableError `no-haproxy` when it is not installed.
 */
export async function startHaproxy(
  context: LabContext,
  settings: Omit<HaproxySettings, "socket" | "port">,
): Promise<StartedHaproxy> {
  const directory = join(context.directory, "haproxy");
  await mkdir(directory, { recursive: true, mode: OWNER_ONLY });
  const socket = join(directory, SOCKET);
  const runtime = new URL(`unix://${pathToFileURL(socket).pathname}`);
  return withFreePort(context, async (port) => {
    const text = haproxyConfiguration({ ...settings, socket, port });
    await writeFile(join(directory, CONFIGURATION), text, { mode: OWNER_READS });
    const startAgain = () => start(context, directory, runtime);
    await startAgain();
    return { port, runtime, startAgain };
  });
}

async function start(context: LabContext, directory: string, runtime: URL): Promise<void> {
  // A killed one leaves its own.
  await rm(join(directory, SOCKET), { force: true });
  const balancer = await context.processes.start({
    name: "haproxy" satisfies LabProcessName,
    command: ["haproxy", "-db", "-f", join(directory, CONFIGURATION)],
    environment: { PATH: context.settings.programPath },
    workingDirectory: directory,
    logDirectory: context.logDirectory,
    stopSignal: "TERM",
    user: { kind: "same" },
  });
  try {
    // It binds its addresses before it answers there, and nobody else can listen in the lab's own folder.
    await balancer.untilReady((signal) => untilAnswers(runtime, signal));
  } catch (error) {
    throw isNotFound(error) ? notInstalled(error) : error;
  }
}

async function untilAnswers(runtime: URL, signal: AbortSignal): Promise<void> {
  const asked = { address: runtime, allowedHosts: [], deadlineMs: HAPROXY_DEADLINE_MS };
  const ask = () => askHaproxy(asked, ["show info"], signal);
  while ((await ask().catch(() => "")) === "") await delay(POLL_MS, undefined, { signal });
}

// The guard is a shell, which reports a missing command like this.
function isNotFound(error: unknown): boolean {
  return (
    error instanceof ProcessDiedError &&
    error.death.ending === "exit code 127" &&
    error.death.lastLines.some((line) => /haproxy: (command )?not found/.test(line))
  );
}

function notInstalled(cause: unknown): UnavailableError {
  return new UnavailableError({
    code: "no-haproxy",
    message: "Expected the program haproxy, which a canary needs, but it is not installed.",
    nextStep: "Install it: sudo apt-get install haproxy (Debian, Ubuntu), brew install haproxy (macOS).",
    cause,
  });
}
