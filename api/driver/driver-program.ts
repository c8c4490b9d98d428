/**
 * How a driver is run, as plain data: a thread of the load starts it by itself, so that its answers do not wait for
 * other work of kanit's.
 */
export interface DriverProgram {
  /**
   * The whole command, with the guard that ends it: it runs for as long as its standard input stays open, and gives
   * its file 4 to the driver as standard input.
   */
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** Where its standard error goes, filtered; null: nowhere. */
  readonly logPath: string | null;
  /** What must not appear in its log or in messages. */
  readonly secrets: readonly string[];
}

/** The file from which the guard gives the driver its standard input. */
export const DRIVER_INPUT_FILE = 4;
