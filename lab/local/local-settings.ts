/** What a local lab takes from the machine, and its time limits. */
export interface LocalSettings {
  /** Where programs of the system are searched, as in PATH. */
  readonly programPath: string;
  /** A lab that is not ready after this time is given up; a platform has as long to return from a reset. */
  readonly startLimitMs: number;
}

export const LOCAL_SETTINGS: LocalSettings = {
  // Debian and Homebrew install pgBouncer in folders that are not on every user's PATH.
  programPath: "/usr/sbin:/usr/local/sbin:/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin",
  startLimitMs: 60_000,
};
