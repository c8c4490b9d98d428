/** A process that stands still, with all that it started: its connections stay open, and nobody answers. */
export interface Pause {
  readonly process: string;
  /** Resolves when it goes on, for whatever reason. */
  readonly over: Promise<void>;
  /** Lets it go on before its time. */
  resume(): Promise<void>;
}

/** The power to let a process of the lab stand still. */
interface Pausing {
  /**
   * Resolves once the process stands still. It goes on by itself after `durationMs`; before that when it is resumed,
   * when
   * the lab is reset or taken down, and when the lab's runner dies in any way.
   *
   * @throws UsageError `unknown-process`, `already-paused`; UnavailableError when the machine refuses.
   */
  pause(process: string, durationMs: number): Promise<Pause>;
  /** Lets everything that is paused go on; gives the names. */
  resumeAll(): Promise<readonly string[]>;
}

/** What came of a process that was killed as asked. */
export type KillOutcome =
  /** As whoever runs the platform would have it. `downMs`: from its end until it listened again. */
  | { readonly kind: "started-again"; readonly process: string; readonly downMs: number }
  /** Nothing in the topology starts it again, and the lab cannot be reset any more. */
  | { readonly kind: "dead"; readonly process: string };

/** The power to end a process of the lab without warning. */
interface Killing {
  /**
   * Ends the process and everything it started with SIGKILL. The platform is started again after
   * `restartDelayMs` on the same database; read the lab's addresses again afterwards. This end is not listed
   * in the lab's `deaths`, which are unintended; a failed restart is.
   *
   * @throws UsageError `unknown-process`; ProcessDiedError when the platform does not come back.
   */
  kill(process: string, restartDelayMs: number): Promise<KillOutcome>;
}

/** The power to say what a process takes of the machine. */
interface CpuReading {
  /** By process: how many processors it kept busy during about a second from now (0.25: a quarter of one). */
  readCpu(): Promise<ReadonlyMap<string, number>>;
}

/** What keeps a process of the lab from its work because somebody asked for it. */
export type Interruption =
  | { readonly kind: "paused"; readonly process: string; readonly untilMs: number }
  | { readonly kind: "killed"; readonly process: string };

/**
 * What can be done to a lab's own processes. A runtime without a power has null in its place: a platform on
 * another machine can be measured, for example, but not killed.
 */
export interface LabPowers {
  readonly pausing: Pausing | null;
  readonly killing: Killing | null;
  readonly cpuReading: CpuReading | null;
  /** `untilMs` on the system's clock. */
  interruptions(): readonly Interruption[];
}
