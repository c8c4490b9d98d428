import { formatDuration } from "../core/index.ts";
import { startersOf, untilOneEnds } from "../lab/index.ts";

// An orderly end takes seconds. A command that hangs after this must end by itself, since its user may be
// gone.
const ORPHAN_LIMIT_MS = 60_000;

/**
 * Returns a controller whose signal is aborted by Ctrl-C, SIGTERM, a closed terminal and the end of whoever
 * started kanit. The command then heals its faults, stops the lab and files its results. A second Ctrl-C ends
 * the process immediately, and the guards of the lab's processes clean up.
 */
export function interruption(): AbortController {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // The listener stays registered after the first signal: signal-exit (of proper-lockfile) ends the process at
    // once when it is the only listener of a signal.
    process.on(name, () => {
      if (!controller.signal.aborted) return controller.abort(new Interrupted(name, performance.now()));
      process.removeAllListeners(name);
      process.kill(process.pid, name);
    });
  }
  void endWithStarter(controller);
  return controller;
}

/** `npm` and shells that are ended leave their children behind: a lab must not keep running for nobody. */
async function endWithStarter(controller: AbortController): Promise<void> {
  try {
    const starters = await startersOf(process.pid);
    const cause =
      starters.kind === "ended"
        ? "the end of whoever started it (`setsid kanit …` runs for nobody)"
        : `the end of process ${(await untilOneEnds(starters.processes, controller.signal)).pid}, which started it`;
    controller.abort(new Interrupted(cause, performance.now()));
    // The guards of the lab's processes clean up.
    setTimeout(() => process.kill(process.pid, "SIGKILL"), ORPHAN_LIMIT_MS).unref();
  } catch (error) {
    if (!controller.signal.aborted) controller.abort(error);
  }
}

/** The reason that an interrupted command's signal carries. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly signalName: string;

  /** @param afterMs How long the command had run. */
  constructor(signalName: string, afterMs: number) {
    super(`Interrupted by ${signalName} after ${formatDuration(afterMs)}.`);
    this.signalName = signalName;
  }
}
