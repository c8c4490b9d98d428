import type { SteppedClock } from "../../chaos/index.ts";

/** A paused process, with everything that it started: its connections stay open, and nothing answers. */
export interface Pause {
  readonly process: string;
  /** Resolves when it is resumed, for any reason. */
  readonly over: Promise<void>;
  /** Resumes it before its time. */
  resume(): Promise<void>;
}

/** The power to pause a process of the lab. */
interface Pausing {
  /**
   * Resolves once the process is paused. It is resumed by itself after `durationMs`; earlier when `resume` is
   * called, when the lab is reset or stopped, and when the lab's runner dies in any way.
   *
   * @throws UsageError `unknown-process`, `already-paused`; UnavailableError when the machine refuses.
   */
  pause(process: string, durationMs: number): Promise<Pause>;
  /** Resumes everything that is paused; returns the names. */
  resumeAll(): Promise<readonly string[]>;
}

/** The result of killing a process. */
export type KillOutcome =
  /** Restarted, as an operator would do. `downMs`: from its end until it listened again. */
  | { readonly kind: "started-again"; readonly process: string; readonly downMs: number }
  /** The lab cannot start it again, and cannot be reset any more. */
  | { readonly kind: "dead"; readonly process: string };

/** A process that was killed, and that the lab can start again. */
export interface Downtime {
  /** Starts it again, on what it had written; resolves when it listens. Calling it again does nothing. */
  startAgain(): Promise<void>;
}

/** The power to kill a process of the lab. */
interface Killing {
  /**
   * Ends the process and everything it started with SIGKILL, and leaves it dead until it is started again: by the
   * caller, or by the next reset. This end is not listed in the lab's `deaths`.
   *
   * @throws UsageError `unknown-process`, `nothing-restarts` before anything is done.
   */
  takeDown(process: string): Promise<Downtime>;
  /**
   * Ends the process and everything it started with SIGKILL. One that the lab can start again is restarted after
   * `restartDelayMs`, on what it had written; read the lab's addresses again afterwards. This end is not listed in the
   * lab's `deaths`, which are unintended; a failed restart is.
   *
   * @throws UsageError `unknown-process`; ProcessDiedError when it does not come back.
   */
  kill(process: string, restartDelayMs: number): Promise<KillOutcome>;
}

/** The power to step the platform's clock. */
interface ClockStepping {
  /** Steps it by so many ms, until it is restored or the lab is reset. */
  step(byMs: number): Promise<SteppedClock>;
}

/** The power to measure a process's use of the machine. */
interface CpuReading {
  /** By process: how many processors it used during about a second from now (0.25: a quarter of one). */
  readCpu(): Promise<ReadonlyMap<string, number>>;
}

/** The power to see that somebody else stops a process. */
interface StopReading {
  /** The processes that stand still although nobody paused them by these powers. */
  readStopped(): Promise<readonly string[]>;
}

/** Why a process of the lab does not work, when that was requested. */
export type Interruption =
  | { readonly kind: "paused"; readonly process: string; readonly untilMs: number }
  | { readonly kind: "killed"; readonly process: string };

/**
 * Operations on a lab's own processes. A runtime without a power has null in its place: a platform on another
 * machine can be measured, for example, but not killed.
 */
export interface LabPowers {
  readonly pausing: Pausing | null;
  readonly killing: Killing | null;
  readonly cpuReading: CpuReading | null;
  readonly stopReading: StopReading | null;
  readonly clockStepping: ClockStepping | null;
  /** `untilMs` on the system's clock. */
  interruptions(): readonly Interruption[];
}
