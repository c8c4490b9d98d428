/**
 * A signal that Ctrl-C, SIGTERM and a closed terminal abort, so that a command ends in order: faults healed, the lab
 * down, what was found filed. A second Ctrl-C ends the process at once; the lab's guards then clean up.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // Stays, although it acts once: libraries that clean up at the end of a process (proper-lockfile's signal-exit)
    // end it
    // at once when they find themselves alone with a signal.
    process.on(name, () => {
      if (!controller.signal.aborted) return controller.abort(new Interrupted(name));
      process.removeAllListeners(name);
      process.kill(process.pid, name);
    });
  }
  return controller.signal;
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
