/** What a local lab takes from the machine, and how long it waits for it. */
export interface LocalSettings {
  /** Where programs of the system are looked for, as in PATH. */
  readonly programPath: string;
  /** A lab that is not ready after this long is given up; a platform gets as long to come back from a reset. */
  readonly startLimitMs: number;
}

export const LOCAL_SETTINGS: LocalSettings = {
  // Debian and Homebrew put pgBouncer where not everybody's PATH leads.
  programPath: "/usr/sbin:/usr/local/sbin:/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin",
  startLimitMs: 60_000,
};
