/** What the names of the processes in faults stand for: `platform` is the one under test, whatever it is called. */
export const PROCESS_ROLES = ["platform", "postgres", "pgbouncer", "exchanges"] as const;

type ProcessRole = (typeof PROCESS_ROLES)[number];

/** A process of the lab that does not work, because a fault made it so. */
export interface StruckProcess {
  /** Lets it work again; resolves when it does. */
  restore(): Promise<void>;
}

/** What faults may do to the processes of a lab. */
export interface FaultyProcesses {
  /**
   * Ends a process with SIGKILL; its restoration starts it again.
   *
   * @throws UsageError `nothing-restarts` when this lab cannot start it again, before anything is done.
   */
  kill(process: ProcessRole): Promise<StruckProcess>;
  /** Pauses a process, with its connections open; its restoration resumes it. */
  pause(process: ProcessRole): Promise<StruckProcess>;
}
