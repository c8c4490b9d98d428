import { KanitError, systemClock } from "../core/index.ts";
import type { PlatformDefinition } from "../definition/index.ts";
import { checkPlatform, type PlatformFinding } from "../harness/index.ts";
import { type Lab, type LabOptions, type Runtime, startLab } from "../lab/index.ts";
import { loadRuleFiles } from "../signals/index.ts";

/** A check of a platform, in a lab of its own. */
export interface CheckInLabOptions {
  readonly runtime: Runtime;
  readonly lab: Omit<LabOptions, "signal">;
  readonly listener: (finding: PlatformFinding) => void;
  readonly signal: AbortSignal;
}

/**
 * Starts a platform in a lab, goes through everything that its definition says, and stops the lab.
 *
 * @throws KanitError when the lab does not start, and not by the platform's fault; the signal's reason.
 */
export async function checkInLab({
  runtime,
  lab: options,
  listener,
  signal,
}: CheckInLabOptions): Promise<void> {
  const rules = await loadRuleFiles();
  const { platform, seed } = options;
  const startedMs = systemClock.monotonicMs();
  const started = await startLab(runtime, { ...options, signal }).catch((error: unknown) => {
    const finding = startFailure(error, platform);
    if (finding === null) throw error;
    return finding;
  });
  if ("state" in started) {
    listener(started);
    return;
  }
  await using lab: Lab = started;
  const seconds = ((systemClock.monotonicMs() - startedMs) / 1_000).toFixed(1);
  listener({ part: ["migrate"], state: "works", found: "the database is up to date", fix: null });
  listener({
    part: ["start"],
    state: "works",
    found: `runs in a lab that was ready within ${seconds} s`,
    fix: null,
  });
  listener({ part: ["health"], state: "works", found: `${platform.health} answers 2xx`, fix: null });
  await checkPlatform({ lab, platform, rules, seed, clock: systemClock, listener, signal });
}

/** What the platform did to keep a lab from starting; null when it was not the platform. */
function startFailure(error: unknown, { name }: PlatformDefinition): PlatformFinding | null {
  if (!(error instanceof KanitError)) return null;
  const cause = FAILURES[error.code];
  if (cause === undefined) return null;
  // Every process of a lab may die; the message begins with the name of the one that did.
  if (
    cause.part === "start" &&
    !error.message.startsWith(`Expected ${name} `) &&
    !error.message.includes(` start ${name} `)
  )
    return null;
  const { message: found } = error;
  return { part: [cause.part], state: "broken", found, fix: cause.fix };
}

const START = { part: "start", fix: "correct the command, which runs in the file's folder" };
const LISTENS = {
  part: "listens",
  fix: "print that line first, or listen on PORT and write listens: on-port",
};

/** What each failure of a start means for a definition. */
const FAILURES: Readonly<Record<string, { readonly part: string; readonly fix: string }>> = {
  "migration-failed": { part: "migrate", fix: "correct the command, which runs in the file's folder" },
  "platform-not-healthy": { part: "health", fix: "correct the path, or see why it is not healthy" },
  "bad-announcement": LISTENS,
  "no-announcement": LISTENS,
  "process-died": START,
  "process-not-started": START,
};
