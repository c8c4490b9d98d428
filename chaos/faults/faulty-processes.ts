import type { FaultyDatabase } from "./faulty-database.ts";
import type { StruckProcess } from "./struck-process.ts";

/** What the names of the processes in faults stand for: `platform` is the one under test, whatever it is called. */
export const PROCESS_ROLES = ["platform", "postgres", "pgbouncer", "exchanges"] as const;

type ProcessRole = (typeof PROCESS_ROLES)[number];

/**
 * Whether the platform's answers showed the stepped time: `undated` when they do not say their time, so that nothing is
 * known.
 */
export type ClockSight = "seen" | "unseen" | "undated";

/** The platform with a clock that is wrong. */
export interface SteppedClock extends StruckProcess {
  /** What its answers have shown so far. */
  sight(): ClockSight;
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
  /**
   * Steps the platform's clock by so many ms; its restoration steps it back.
   *
   * @throws UsageError `clock-not-steppable` when this lab was not started for that.
   */
  stepClock(byMs: number): Promise<SteppedClock>;
  /** Null where the files of the database are out of reach. */
  readonly database: FaultyDatabase | null;
}
