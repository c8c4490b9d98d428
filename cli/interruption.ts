/**
 * Returns a controller whose signal Ctrl-C, SIGTERM and a closed terminal abort. The command then heals its faults,
 * stops the lab and files its results. A second Ctrl-C ends the process at once, and the guards of the lab's
 * processes clean up.
 */
export function interruption(): AbortController {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // The listener stays registered after the first signal: signal-exit (of proper-lockfile) ends the process at
    // once when it is the only listener of a signal.
    process.on(name, () => {
      if (!controller.signal.aborted) return controller.abort(new Interrupted(name));
      process.removeAllListeners(name);
      process.kill(process.pid, name);
    });
  }
  return controller;
}

/** The reason that an interrupted command's signal carries. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly signalName: string;

  constructor(signalName: string) {
    super(`Interrupted by ${signalName}.`);
    this.signalName = signalName;
  }
}
